package org.lamella.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/** A CSV file of 120 rows with a name, four features and two labels, of which the second is the harder one. */
public final class SmallData {

    private SmallData() {}

    /** The command that trains one network on data.csv of a folder, on one thread, and writes another folder in it. */
    static String[] train(Path folder, String out, String... more) {
        return Stream.concat(
                        Stream.of(
                                "train",
                                folder.resolve("data.csv").toString(),
                                "--labels",
                                "2",
                                "--out",
                                folder.resolve(out).toString(),
                                "--threads",
                                "1",
                                "--effort",
                                "none"),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    /** Writes data.csv into the folder. */
    public static Path write(Path folder) throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("name,a,b,c,d,x,y\n");
        for (int i = 0; i < 120; i++) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            text.append("s")
                    .append(i)
                    .append(',')
                    .append(a)
                    .append(',')
                    .append(b)
                    .append(',')
                    .append(a * b)
                    .append(",1,")
                    .append(a > 0 ? 1 : 0)
                    .append(',')
                    .append(a * b > 0 ? 1 : 0)
                    .append('\n');
        }
        return Files.writeString(folder.resolve("data.csv"), text);
    }
}
