package org.lamella.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lamella.data.InputException;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** Creates the network that {@code --net} names. */
public final class NetworkFile {

    private NetworkFile() {}

    /**
     * A network of the zoo or of a JSON file.
     *
     * @param net a name of the zoo, or a file whose name ends in {@code .json}
     * @param shape of one sample; not used for a file
     * @param labels outputs, 1 or more; not used for a file
     * @return the network
     * @throws InputException if the file cannot be used
     * @throws IllegalArgumentException if there is none of that name, or the input does not suit it
     */
    public static Network of(String net, Shape shape, int labels) {
        if (!net.endsWith(".json")) {
            return Zoo.create(net, shape, labels);
        }
        Path file = PathArgument.of(net);
        try {
            return Network.fromJson(Files.readString(file));
        } catch (IOException e) {
            throw new InputException(net + (Files.exists(file) ? ": " + e.getMessage() : ": no such file"), e);
        } catch (IllegalArgumentException e) {
            throw new InputException(net + ": " + e.getMessage(), e);
        }
    }
}
