package org.lamella.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.Schema;
import org.lamella.device.Device;
import org.lamella.evaluation.Calibration;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.LabelSets;
import org.lamella.file.AtomicFiles;
import org.lamella.json.Json;
import org.lamella.text.Wording;

/**
 * Several models of the same labels and columns, for example those of a cross-validation. Its probability is the
 * weighted mean of the members' probabilities, which may be calibrated before. Plain data, as {@link Model}: it needs
 * no closing, is equal if all its parts are, and is serializable. On disk: {@code model.json}, which names the folders
 * of the members.
 *
 * @param members one or more; their networks and scalings may differ
 * @param rule how the mean probabilities become decisions
 * @param votes one per member: how its probabilities enter the mean
 * @param sets the bounds of label sets with a coverage; null without
 */
public record Ensemble(
        List<Model> members,
        DecisionRule rule,
        List<Vote> votes,
        @Nullable LabelSets sets) implements Classifier {

    static final String MEMBERS = "members";

    private static final String FOLDER = "folder";
    private static final String CHECKSUM = "checksum";
    private static final String SHARE = "share";
    private static final String CALIBRATION = "calibration";
    private static final String LABEL_SETS = "label_sets";
    private static final double SUM_TOLERANCE = 1e-6;
    private static final ObjectMapper JSON = Json.mapper();

    /**
     * Checks that the parts fit each other.
     *
     * @throws IllegalArgumentException if there is no member, a part is null, members have different labels or columns
     *     (the message names the first that differs), there is not one vote per member, the shares do not have the sum
     *     1, or thresholds, a calibration or label sets are of another number of labels
     */
    public Ensemble {
        if (members == null || members.isEmpty() || rule == null || votes == null) {
            throw new IllegalArgumentException("an ensemble needs its members and its rule");
        }
        for (int m = 0; m < members.size(); m++) {
            if (members.get(m) == null) {
                throw new IllegalArgumentException("member " + (m + 1) + " of the ensemble is null");
            }
            String difference = difference(members.get(m), members.get(0));
            if (difference != null) {
                throw new IllegalArgumentException(
                        "member " + (m + 1) + " of the ensemble has other " + difference + " than member 1");
            }
        }
        members = List.copyOf(members);
        votes = List.copyOf(votes);
        int labels = members.get(0).labels().size();
        if (rule.kind() == DecisionRule.Kind.THRESHOLDS) {
            requireLabels("thresholds", rule.thresholds().length, labels);
        }
        if (sets != null) {
            requireLabels("bounds of label sets", sets.low().length, labels);
        }
        if (votes.size() != members.size()) {
            throw new IllegalArgumentException(
                    "an ensemble of " + members.size() + " members needs as many votes, got " + votes.size());
        }
        double sum = 0;
        for (Vote vote : votes) {
            sum += vote.share();
            if (vote.calibration() != null) {
                requireLabels("slopes of a calibration", vote.calibration().slopes().length, labels);
            }
        }
        if (Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw new IllegalArgumentException("the shares of the members must have the sum 1, got " + sum);
        }
    }

    /**
     * An ensemble whose members have equal shares.
     *
     * @param members one or more; their networks and scalings may differ
     * @param rule how the mean probabilities become decisions
     * @throws IllegalArgumentException as the other constructor
     */
    public Ensemble(List<Model> members, DecisionRule rule) {
        this(members, rule, equalVotes(members), null);
    }

    private static List<Vote> equalVotes(@Nullable List<Model> members) {
        int count = members == null ? 0 : members.size();
        return Collections.nCopies(count, new Vote(1.0 / Math.max(1, count), null));
    }

    private static void requireLabels(String what, int count, int labels) {
        if (count != labels) {
            throw new IllegalArgumentException(
                    "an ensemble of " + labels + " labels needs as many " + what + ", got " + count);
        }
    }

    /** What differs between two members; null if they fit. */
    private static @Nullable String difference(Model one, Model other) {
        return !one.labels().equals(other.labels())
                ? "labels"
                : !one.columns().equals(other.columns()) ? "columns, or another encoding of them," : null;
    }

    @Override
    public List<String> labels() {
        return members.get(0).labels();
    }

    @Override
    public List<FeatureColumn> columns() {
        return members.get(0).columns();
    }

    @Override
    public @Nullable Schema schema() {
        return members.get(0).schema();
    }

    @Override
    public Ensemble withRule(DecisionRule other) {
        return new Ensemble(members, other, votes, sets);
    }

    /** {@return whether all members have the same share, without a calibration} */
    public boolean isPlainMean() {
        return votes.stream().allMatch(v -> v.equals(votes.get(0)) && v.calibration() == null);
    }

    /**
     * The models of one fold of a cross-validation, in an ensemble that has as many models of every fold: its first
     * members are one model per fold, and so are those that follow.
     *
     * @param number of the fold, from 0
     * @param folds number of folds; divides the number of members
     * @return the models that did not learn from the rows that this fold tests
     * @throws IllegalArgumentException if the number of members is not a multiple of the number of folds
     */
    public Ensemble fold(int number, int folds) {
        if (folds < 1 || members.size() % folds != 0) {
            throw new IllegalArgumentException(
                    "an ensemble of " + members.size() + " members is not one of " + folds + " folds");
        }
        List<Integer> own = IntStream.range(0, members.size())
                .filter(m -> m % folds == number)
                .boxed()
                .toList();
        double sum = own.stream().mapToDouble(m -> votes.get(m).share()).sum();
        return new Ensemble(
                own.stream().map(members::get).toList(),
                rule,
                own.stream()
                        .map(m -> new Vote(
                                votes.get(m).share() / sum, votes.get(m).calibration()))
                        .toList(),
                sets);
    }

    /**
     * The same with other label sets.
     *
     * @param other the new bounds, for the same labels; null for none
     * @return a copy that shares all arrays
     */
    public Ensemble withSets(@Nullable LabelSets other) {
        return new Ensemble(members, rule, votes, other);
    }

    @Override
    public Predictor open(Device device) {
        return new Predictor(this, ComputeDevice.of(device), null, false);
    }

    // ---- Files.

    /**
     * Saves to a folder: the members to its folders member-1, member-2, ..., and a description that names them.
     *
     * @param folder created if it is missing
     * @throws IOException if a file cannot be written; its message names the file
     */
    @Override
    public void save(Path folder) throws IOException {
        List<String> names = IntStream.rangeClosed(1, members.size())
                .mapToObj(i -> "member-" + i)
                .toList();
        for (int m = 0; m < names.size(); m++) {
            members.get(m).save(folder.resolve(names.get(m)));
        }
        saveDescription(folder, names);
    }

    /**
     * Saves the description alone, for members that are saved already.
     *
     * @param folder created if it is missing
     * @param names the folders of the members, in their order, relative to this folder
     * @throws IllegalArgumentException if there are more or fewer names than members, or one is absolute
     * @throws IOException if the file cannot be written; its message names it
     */
    public void saveDescription(Path folder, List<String> names) throws IOException {
        if (names.size() != members.size()) {
            throw new IllegalArgumentException(
                    "an ensemble of " + members.size() + " members needs as many names, got " + names.size());
        }
        ObjectNode json = JSON.createObjectNode();
        json.put("format", DescriptionFile.FORMAT);
        ArrayNode all = json.putArray(MEMBERS);
        for (int m = 0; m < names.size(); m++) {
            String name = names.get(m).replace('\\', '/');
            requireRelative(name);
            Vote vote = votes.get(m);
            ObjectNode own = all.addObject()
                    .put(FOLDER, name)
                    .put(CHECKSUM, members.get(m).checksum())
                    .put(SHARE, vote.share());
            if (vote.calibration() != null) {
                own.set(CALIBRATION, JSON.valueToTree(vote.calibration()));
            }
        }
        json.set("decisions", JSON.valueToTree(rule));
        if (sets != null) {
            json.set(LABEL_SETS, JSON.valueToTree(sets));
        }
        byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        AtomicFiles.replace(folder.resolve(Model.DESCRIPTION), p -> Files.write(p, text));
    }

    private static void requireRelative(String name) {
        if (name.isBlank() || name.startsWith("/") || Path.of(name).isAbsolute()) {
            throw new IllegalArgumentException("the folder of a member must be relative, got '" + name + "'");
        }
    }

    /**
     * Whether a folder has an ensemble rather than a model.
     *
     * @param folder need not exist
     * @return false for a single model, a damaged description, or none
     */
    public static boolean isIn(Path folder) {
        try {
            return Files.isRegularFile(folder.resolve(Model.DESCRIPTION))
                    && JSON.readTree(folder.resolve(Model.DESCRIPTION).toFile()).has(MEMBERS);
        } catch (IOException e) {
            return false; // whoever loads it says why
        }
    }

    /**
     * The folders of the members, without loading them.
     *
     * @param folder of an ensemble
     * @return relative to this folder, in the order of the members
     * @throws InputException if the description is missing or damaged, or describes a single model
     */
    public static List<String> memberFolders(Path folder) {
        return DescriptionFile.read(folder, json -> names(folder, json));
    }

    private static List<String> names(Path folder, JsonNode json) {
        if (!json.has(MEMBERS)) {
            throw new InputException(folder + ": one model, where an ensemble is expected");
        }
        List<String> names = new ArrayList<>();
        for (JsonNode member : json.path(MEMBERS)) {
            String name = DescriptionFile.part(member, FOLDER).asText();
            requireRelative(name);
            names.add(name);
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("it names no members");
        }
        return names;
    }

    static InputException isNoModel(Path folder, JsonNode json) {
        List<String> names = names(folder, json);
        return new InputException(folder + ": an ensemble of " + Wording.count(names.size(), "model") + " ("
                + Wording.some(names) + "), where one model is expected; name one of them, as "
                + folder.resolve(names.get(0)));
    }

    /**
     * Loads what {@link #save} wrote.
     *
     * @param folder has the description of an ensemble; the members are where it says
     * @return the ensemble, in memory; the files are no longer needed
     * @throws InputException if a member is missing, damaged, or not the one that was saved, or members have different
     *     labels or columns
     */
    public static Ensemble load(Path folder) {
        return DescriptionFile.read(folder, json -> {
            List<String> names = names(folder, json);
            List<Model> members = new ArrayList<>();
            for (int m = 0; m < names.size(); m++) {
                Model member = member(folder, names, m);
                String difference = difference(member, members.isEmpty() ? member : members.get(0));
                if (difference != null) {
                    throw new InputException(folder.resolve(names.get(m)) + ": it has other " + difference + " than "
                            + names.get(0) + "; the members of an ensemble have the same; train them again together");
                }
                String saved = DescriptionFile.part(json.path(MEMBERS).get(m), CHECKSUM)
                        .asText();
                if (!member.checksum().equals(saved)) {
                    throw new InputException(folder.resolve(names.get(m))
                            + ": its weights are not those with which this ensemble was made: it was trained again or "
                            + "replaced since then; restore it, or train the ensemble again");
                }
                members.add(member);
            }
            return new Ensemble(
                    members,
                    DescriptionFile.STRICT.treeToValue(DescriptionFile.part(json, "decisions"), DecisionRule.class),
                    votes(json.path(MEMBERS)),
                    json.has(LABEL_SETS)
                            ? DescriptionFile.STRICT.treeToValue(json.get(LABEL_SETS), LabelSets.class)
                            : null);
        });
    }

    /** Descriptions of earlier versions have no shares: they are equal. */
    private static List<Vote> votes(JsonNode members) throws IOException {
        List<Vote> votes = new ArrayList<>();
        for (JsonNode member : members) {
            votes.add(new Vote(
                    member.has(SHARE) ? member.get(SHARE).asDouble() : 1.0 / members.size(),
                    member.has(CALIBRATION)
                            ? DescriptionFile.STRICT.treeToValue(member.get(CALIBRATION), Calibration.class)
                            : null));
        }
        return votes;
    }

    private static Model member(Path folder, List<String> names, int number) {
        Path own = folder.resolve(names.get(number));
        if (!Files.isRegularFile(own.resolve(Model.DESCRIPTION))) {
            List<String> there = names.stream()
                    .filter(n -> Files.isRegularFile(folder.resolve(n).resolve(Model.DESCRIPTION)))
                    .toList();
            throw new InputException(folder + ": an ensemble of " + Wording.count(names.size(), "model") + ", and "
                    + names.get(number) + " is missing ("
                    + (there.isEmpty() ? "none of them is there" : "there: " + Wording.some(there))
                    + "); restore it, or train again");
        }
        return Model.load(own);
    }

    @Override
    public String toString() {
        return "ensemble of " + Wording.count(members.size(), "model") + ", " + Wording.count(labels().size(), "label");
    }

    // ---- Serialization.

    private Object writeReplace() {
        try {
            return new Serialized(
                    new ArrayList<>(members),
                    JSON.writeValueAsBytes(rule),
                    JSON.writeValueAsBytes(votes),
                    sets == null ? null : JSON.writeValueAsBytes(sets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Serialized(ArrayList<Model> members, byte[] rule, byte[] votes, byte @Nullable [] sets)
            implements Serializable {

        private Object readResolve() throws InvalidObjectException {
            try {
                return new Ensemble(
                        members,
                        JSON.readValue(rule, DecisionRule.class),
                        List.of(JSON.readValue(votes, Vote[].class)),
                        sets == null ? null : JSON.readValue(sets, LabelSets.class));
            } catch (IOException | IllegalArgumentException e) {
                InvalidObjectException invalid =
                        new InvalidObjectException("an ensemble that is damaged: " + e.getMessage());
                invalid.initCause(e);
                throw invalid;
            }
        }
    }
}
