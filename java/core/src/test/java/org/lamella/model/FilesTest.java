package org.lamella.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.formats.FeatureTable;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.file.Safetensors;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.training.Trainer;
import org.lamella.training.TrainerTest;
import org.lamella.training.TrainingSettings;

class FilesTest {

    @TempDir
    Path folder;

    @Test
    void safetensorsAreWrittenAsTheFormatSaysAndReadBack() throws IOException {
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        tensors.put("a", new Safetensors.Entry(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, Float.NaN}));
        tensors.put("b", new Safetensors.Entry(new int[] {0}, new float[0]));
        tensors.put("big", new Safetensors.Entry(new int[] {300_001}, new float[300_001]));
        Path file = folder.resolve("x.safetensors");
        new Safetensors(tensors, Map.of("k", "v \"quoted\"")).write(file);
        byte[] bytes = Files.readAllBytes(file);
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(length % 8).isZero();
        assertThat(new String(bytes, 8, (int) length, StandardCharsets.UTF_8))
                .startsWith("{\"__metadata__\":")
                .contains("\"dtype\":\"F32\"")
                .contains("\"data_offsets\":[0,24]");
        Safetensors read = Safetensors.read(file);
        assertThat(read.values("a")).containsExactly(1, 2, 3, 4, 5, Float.NaN);
        assertThat(requireNonNull(read.tensors().get("a")).shape()).containsExactly(2, 3);
        assertThat(read.metadata()).containsEntry("k", "v \"quoted\"");
        for (int cut : new int[] {0, 5, 20, bytes.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(bytes, cut));
            assertThatThrownBy(() -> Safetensors.read(file))
                    .as("cut at %d", cut)
                    .isInstanceOf(InputException.class);
        }
    }

    @Test
    void aModelPredictsTheSameAfterSavingAndLoading() throws IOException {
        Dataset d = TrainerTest.random(40, 7, 3, 1);
        Model model = new Trainer(d, TrainingSettings.defaults().epochs(2), new CpuDevice(1))
                .run()
                .model();
        model.save(folder);
        Model loaded = Model.load(folder);
        try (Predictor a = model.open(new CpuDevice(1));
                Predictor b = loaded.open(new CpuDevice(2))) {
            assertThat(b.run(d)).isDeepEqualTo(a.run(d));
            assertThatThrownBy(() -> b.run(TrainerTest.random(3, 5, 3, 1))).isInstanceOf(InputException.class);
        }
        assertThatThrownBy(() -> loaded.openLayer(new CpuDevice(1), "dense9")).hasMessageContaining("dense1, relu1");
        Files.writeString(folder.resolve("model.json"), "{\"format\": 99}");
        assertThatThrownBy(() -> Model.load(folder)).hasMessageContaining("another version");
        Files.writeString(folder.resolve("model.json"), "{");
        assertThatThrownBy(() -> Model.load(folder)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Model.load(folder.resolve("nothing"))).hasMessageContaining("no model.json");
    }

    /** What version 1 of the format wrote: keys of layers in camelCase. */
    private static final String FORMAT_1 = """
            {
              "format" : 1,
              "labels" : [ "l" ],
              "columns" : [ {"name" : "a", "categories" : [ ], "sequence" : null},
                {"name" : "b", "categories" : [ ], "sequence" : null},
                {"name" : "c", "categories" : [ ], "sequence" : null},
                {"name" : "d", "categories" : [ ], "sequence" : null} ],
              "input" : {
                "shape" : {"channels" : 1, "height" : 2, "width" : 2},
                "tile" : false,
                "scaling" : {"shift" : [ 0.0, 0.0, 0.0, 0.0 ], "scale" : [ 1.0, 1.0, 1.0, 1.0 ],
                  "fill" : [ 0.0, 0.0, 0.0, 0.0 ]}
              },
              "decisions" : {"kind" : "THRESHOLDS", "thresholds" : [ 0.25 ], "count" : 0},
              "network" : {
                "input" : {"channels" : 1, "height" : 2, "width" : 2},
                "nodes" : [ {
                  "name" : "conv1",
                  "layer" : {"type" : "convolution", "filters" : 2, "kernelH" : 1, "kernelW" : 2, "strideH" : 1,
                    "strideW" : 1, "padH" : 0, "padW" : 1},
                  "inputs" : [ "input" ]
                }, {
                  "name" : "pool1",
                  "layer" : {"type" : "pooling", "kind" : "MAX", "global" : false, "windowH" : 2, "windowW" : 1,
                    "strideH" : 2, "strideW" : 1, "padH" : 0, "padW" : 0},
                  "inputs" : [ "conv1" ]
                }, {
                  "name" : "dense1",
                  "layer" : {"type" : "dense", "outputs" : 1},
                  "inputs" : [ "pool1" ]
                } ]
              }
            }
            """;

    @Test
    void aModelOfFormat1IsRead() throws IOException {
        Files.writeString(folder.resolve("model.json"), FORMAT_1);
        float[] dense = {1, 2, 3, 4, 5, 6};
        new Safetensors(
                        Map.of(
                                "conv1.weight", new Safetensors.Entry(new int[] {2, 1, 1, 2}, new float[] {1, 2, 3, 4}),
                                "conv1.bias", new Safetensors.Entry(new int[] {2}, new float[] {5, 6}),
                                "dense1.weight", new Safetensors.Entry(new int[] {1, 6}, dense),
                                "dense1.bias", new Safetensors.Entry(new int[] {1}, new float[] {7})),
                        Map.of())
                .write(folder.resolve("model.safetensors"));
        Model old = Model.load(folder);
        assertThat(old.network().nodes().get(0).layer()).isEqualTo(new Convolution(2, 1, 2, 1, 1, 0, 1));
        assertThat(old.network().nodes().get(1).layer())
                .isEqualTo(new Pooling(PoolingKind.MAX, false, 2, 1, 2, 1, 0, 0));
        assertThat(old.parameters()).containsExactly(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7);
        assertThat(old.rule().thresholds()).containsExactly(0.25f);
        Path again = folder.resolve("again");
        old.save(again);
        assertThat(Files.readString(again.resolve("model.json")))
                .contains("\"format\" : 2", "\"kernel_h\" : 1", "\"stride_w\" : 1")
                .doesNotContainPattern("\"[a-z]+[A-Z]\\w*\" :");
        assertThat(Model.load(again).network().nodes()).isEqualTo(old.network().nodes());
    }

    @Test
    void featureTablesComeBackFromEveryFormat() throws IOException {
        Dataset d = TrainerTest.random(5, 2, 3, 4);
        FeatureTable table = new FeatureTable("dense1", d.features(), d);
        Path arff = folder.resolve("t.arff");
        table.write(arff, FeatureTable.Format.ARFF);
        Dataset again = Datasets.read(arff, LabelSelection.last(3));
        assertThat(again.features()).isDeepEqualTo(d.features());
        assertThat(again.targets()).isDeepEqualTo(d.targets());
        Path csv = folder.resolve("t.csv");
        table.write(csv, FeatureTable.Format.CSV);
        assertThat(Files.readAllLines(csv).get(0)).isEqualTo("id,dense1_1,dense1_2,label1,label2,label3");
        Path npy = folder.resolve("t.npy");
        table.write(npy, FeatureTable.Format.NPY);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes.getShort(8);
        assertThat((10 + header) % 64).isZero();
        assertThat(new String(bytes.array(), 10, header, StandardCharsets.US_ASCII))
                .contains("'shape': (5, 2)");
        assertThat(bytes.getFloat(10 + header + 4)).isEqualTo(d.features()[0][1]);
        Path svm = folder.resolve("t.libsvm");
        table.write(svm, FeatureTable.Format.LIBSVM);
        assertThat(Files.readAllLines(svm)).hasSize(5).allMatch(l -> l.matches("[0-9,]* 1:\\S+ 2:\\S+"));
        assertThatThrownBy(() -> FeatureTable.Format.of(Path.of("x.txt"))).hasMessageContaining(".libsvm");
    }

    @Test
    void libsvmKeepsTheNumbersOfLabels() throws IOException {
        Path in = Files.writeString(folder.resolve("in.libsvm"), "3,17 1:1 2:2\n5 1:3 2:4\n");
        Dataset d = Datasets.read(in, LabelSelection.declared());
        Path out = folder.resolve("out.libsvm");
        new FeatureTable("dense1", d.features(), d).write(out, FeatureTable.Format.LIBSVM);
        assertThat(Files.readString(out)).startsWith("3,17 1:").contains("\n5 1:");
    }

    /** Whatever field is missing or null, at whatever depth: one line that names it, never a value of our own. */
    @ParameterizedTest
    @ValueSource(strings = {"table", "sequences"})
    void aModelFileWithAMissingFieldIsRefusedInOneLine(String kind) throws IOException {
        Dataset data = TrainerTest.random(40, 3, 2, 1);
        if (kind.equals("sequences")) {
            StringBuilder fasta = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                fasta.append(i % 2 == 0 ? ">10|r" : ">01|r").append(i).append(i % 2 == 0 ? "\nACGT\n" : "\nGGGT\n");
            }
            data = Datasets.read(
                    Files.writeString(folder.resolve("s.fasta"), fasta),
                    LabelSelection.declared(),
                    LabelSource.headerBits(List.of("x", "y")),
                    EncodingOptions.defaults());
        }
        new Trainer(data, TrainingSettings.defaults().epochs(1), new CpuDevice(1))
                .run()
                .model()
                .save(folder);
        Path file = folder.resolve("model.json");
        ObjectMapper mapper = new ObjectMapper();
        JsonNode text = mapper.readTree(Files.readString(file));
        List<String> paths = new ArrayList<>();
        paths(text, "", paths);
        assertThat(paths).contains("/decisions/kind", "/columns/0/name", "/network/nodes/0/layer/type");
        for (String path : paths) {
            for (boolean removed : List.of(true, false)) {
                JsonNode whole = text.deepCopy();
                int cut = path.lastIndexOf('/');
                String name = path.substring(cut + 1);
                ObjectNode parent = (ObjectNode) whole.at(path.substring(0, cut));
                if (removed) {
                    parent.remove(name);
                } else if (!parent.get(name).isNull()) {
                    parent.putNull(name);
                } else {
                    continue;
                }
                Files.writeString(file, whole.toString());
                assertThatThrownBy(() -> Model.load(folder))
                        .as(path + (removed ? " removed" : " null"))
                        .isInstanceOf(InputException.class)
                        .satisfies(e -> assertThat(e.getMessage())
                                .contains("model.json: ")
                                .doesNotContain("\n")
                                .doesNotContain("Exception")
                                .doesNotContain("FAIL_ON"));
            }
        }
        ObjectNode odd = text.deepCopy();
        ((ArrayNode) odd.at("/decisions/thresholds")).setNull(0);
        Files.writeString(file, odd.toString());
        assertThatThrownBy(() -> Model.load(folder)).isInstanceOf(InputException.class);
        ((ObjectNode) text.at("/columns/0")).remove("categories");
        Files.writeString(file, text.toString());
        assertThatThrownBy(() -> Model.load(folder)).hasMessageContaining("the field 'categories' is missing");
    }

    /** The paths of all fields, except those of the schema, which is only shown; of lists, in their first element. */
    private static void paths(JsonNode json, String path, List<String> to) {
        json.properties().forEach(field -> {
            String own = path + "/" + field.getKey();
            if (!own.equals("/schema")) {
                to.add(own);
                paths(field.getValue(), own, to);
            }
        });
        if (json.isArray() && !json.isEmpty()) {
            paths(json.get(0), path + "/0", to);
        }
    }
}
