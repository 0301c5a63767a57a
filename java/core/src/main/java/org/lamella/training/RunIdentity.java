package org.lamella.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.json.Json;

/**
 * What a run and a checkpoint must have in common: only then does a resumed run end with the same bits.
 *
 * @param settings as JSON
 * @param fingerprint checksum of the network, the split and the data
 */
record RunIdentity(String settings, String fingerprint) {

    static RunIdentity of(TrainingTask task) {
        try {
            return new RunIdentity(Json.mapper().writeValueAsString(task.settings()), fingerprint(task));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings are always writable as JSON", e);
        }
    }

    private static String fingerprint(TrainingTask task) {
        Dataset data = task.data();
        CRC32 crc = new CRC32();
        crc.update(task.network().toJson().getBytes(StandardCharsets.UTF_8));
        int number = 0;
        for (Partition.Part part : Partition.Part.values()) {
            for (int row : task.partition().rows(part)) {
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * data.width() + 2 * Integer.BYTES);
                bytes.putInt(number).putInt(row);
                bytes.asFloatBuffer().put(data.features()[row]);
                crc.update(bytes.array());
                crc.update(data.targets()[row]);
            }
            number++;
        }
        return Long.toHexString(crc.getValue());
    }

    /**
     * Checks that this run can continue from a checkpoint.
     *
     * @param written of the run that wrote the checkpoint
     * @param folder of the checkpoint, for messages
     * @throws InputException if it cannot
     */
    void requireSame(RunIdentity written, Path folder) {
        if (!written.fingerprint.equals(fingerprint)) {
            throw new InputException(Phrase.format(
                    "%s: %s needs the same data, split and network as before; start anew with another %s, or %s",
                    folder, Setting.RESUME, Setting.OUTPUT, Setting.OVERWRITE));
        }
        if (!written.settings.equals(settings)) {
            throw new InputException(Phrase.format(
                    "%s: %s needs the same settings as before, which were %s",
                    folder, Setting.RESUME, written.settings));
        }
    }
}
