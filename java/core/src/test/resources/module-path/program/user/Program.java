package user;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.LabelSelection;
import org.lamella.device.Device;
import org.lamella.device.Devices;
import org.lamella.evaluation.Metrics;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;

/** Trains, saves, loads and predicts in the folder that it is given. */
public final class Program {

    private Program() {}

    /** The program. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("x,y,above\n");
        for (int i = 0; i < 200; i++) {
            double x = random.nextGaussian();
            text.append(x).append(',').append(random.nextGaussian()).append(',');
            text.append(x > 0 ? 1 : 0).append('\n');
        }
        Path file = Files.writeString(folder.resolve("data.csv"), text);
        Dataset data = Datasets.read(file, LabelSelection.last(1));
        Device device = Devices.cpu(1);
        TrainingSettings settings = TrainingSettings.defaults().epochs(10);
        Trainer trainer = new Trainer(data, settings, device);
        trainer.checkpoints(folder.resolve("checkpoint"), 1, false).run();
        TrainingResult result = trainer.checkpoints(folder.resolve("checkpoint"), 1, true).run();
        result.model().save(folder.resolve("model"));
        Model model = Model.load(folder.resolve("model"));
        if (!model.equals(result.model())) {
            throw new AssertionError("the model is another one");
        }
        try (Predictor predictor = model.open(Devices.choose("auto"))) {
            Metrics metrics = Metrics.of(predictor.run(model.read(file, true)), data.targets(), model.rule());
            System.out.println("accuracy " + metrics.subsetAccuracy());
        }
        System.out.println("module " + Trainer.class.getModule().getName());
        Devices.report().forEach(System.out::println);
    }
}
