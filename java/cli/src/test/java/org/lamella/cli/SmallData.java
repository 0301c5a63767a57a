package org.lamella.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A CSV file of 120 rows with a name, four features and two labels, of which the second is the harder one. */
public final class SmallData {

    private SmallData() {}

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
