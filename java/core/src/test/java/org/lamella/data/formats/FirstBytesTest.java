package org.lamella.data.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.data.Datasets;

class FirstBytesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '"',
            nullValues = "none",
            value = {
                ">a\\nACGT\\n ! .fasta",
                "\\n;made by x\\n>a\\nACGT\\n ! .fasta",
                "@relation r\\n@attribute a numeric\\n ! .arff",
                "% comment\\n%\\n @RELATION 'r'\\n ! .arff",
                "1,2 1:0.5 7:1e-3\\n0 2:1\\n ! .libsvm",
                "# comment\\n1 1:1\\n ! .libsvm",
                " 1:1 2:3\\n1 2:4\\n ! .libsvm",
                "a,b,c\\n1,2,3\\n ! .csv",
                "a;b;c\\n1;2;3\\n ! .csv",
                ";b;c\\n1;2;3\\n ! .csv",
                "a\\tb\\tc, d\\n1\\t2\\t3\\n ! .tsv",
                "time 12:30\\nnoon 12:00\\n ! none",
                "some words\\n ! none",
                "\\n\\n ! none"
            })
    void ofTexts(String text, String ending) throws IOException {
        Path file =
                Files.writeString(folder.resolve("f"), text.replace("\\n", "\n").replace("\\t", "\t"));
        assertThat(Datasets.recognize(file)).isEqualTo(ending);
    }

    @Test
    void ofBinaryFiles() throws IOException {
        Path file = folder.resolve("f");
        Files.write(file, "\u0093NUMPY\u0001\u0000".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Datasets.recognize(file)).isEqualTo(".npy");
        Files.write(file, "PK\u0003\u0004....".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Datasets.recognize(file)).isEqualTo(".npz");
        Files.writeString(file, "LAMELLA1....");
        assertThat(Datasets.recognize(file)).isEqualTo(".lamella");
    }
}
