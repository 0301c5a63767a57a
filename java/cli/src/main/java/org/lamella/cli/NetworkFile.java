package org.lamella.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lamella.data.InputException;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** A network by what stands behind {@code --net}. */
final class NetworkFile {

    private NetworkFile() {}

    /**
     * One of the zoo's, for inputs of this shape and this many labels, or a JSON file's.
     *
     * @throws InputException if the file cannot be used
     * @throws IllegalArgumentException if there is none of that name, or the input does not suit it
     */
    static Network of(String net, Shape shape, int labels) {
        if (!net.endsWith(".json")) {
            return Zoo.create(net, shape, labels);
        }
        Path file = PathArgument.of(net);
        try {
            return Network.fromJson(Files.readString(file));
        } catch (IOException e) {
            throw new InputException(net + (Files.exists(file) ? ": " + e.getMessage() : ": no such file"));
        } catch (IllegalArgumentException e) {
            throw new InputException(net + ": " + e.getMessage());
        }
    }
}
