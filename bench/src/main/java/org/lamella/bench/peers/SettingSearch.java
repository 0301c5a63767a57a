package org.lamella.bench.peers;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.peers.PeerSetting.Axis;
import org.lamella.bench.peers.PeerSetting.Choice;

/**
 * Searches a peer's best settings for training and for inference: one setting after the other, starting from the
 * defaults. (All combinations would be some hundred starts.)
 */
final class SettingSearch {

    /**
     * The speed of a setting.
     *
     * @param train samples per second
     * @param infer samples per second
     */
    record Rates(double train, double infer) {}

    /** Starts the peer with a setting and measures it; null if the peer does not run with this setting. */
    interface Trial {
        @Nullable
        Rates run(PeerSetting setting) throws IOException;
    }

    private final Trial trial;
    private final Consumer<String> progress;
    private final Map<PeerSetting, @Nullable Rates> known = new HashMap<>();

    SettingSearch(Trial trial, Consumer<String> progress) {
        this.trial = trial;
        this.progress = progress;
    }

    /**
     * The result of a search.
     *
     * @param train best setting in training
     * @param infer best setting in inference
     * @param outOfTheBox rates with the default settings
     * @param trials number of settings tried
     */
    record Found(PeerSetting train, PeerSetting infer, Rates outOfTheBox, int trials) {}

    Found search(List<Axis> axes) throws IOException {
        PeerSetting start = PeerSetting.outOfTheBox(axes);
        Rates outOfTheBox = rates(start);
        if (outOfTheBox == null) {
            throw new IllegalStateException("it does not run with its default settings");
        }
        PeerSetting train = start;
        PeerSetting infer = start;
        for (int axis = 0; axis < axes.size(); axis++) {
            PeerSetting trainSoFar = train;
            PeerSetting inferSoFar = infer;
            for (Choice choice : axes.get(axis).choices()) {
                PeerSetting a = trainSoFar.with(axis, choice);
                if (train(a) > train(train)) {
                    train = a;
                }
                PeerSetting b = inferSoFar.with(axis, choice);
                if (infer(b) > infer(infer)) {
                    infer = b;
                }
            }
        }
        return new Found(train, infer, outOfTheBox, known.size());
    }

    private double train(PeerSetting setting) throws IOException {
        Rates r = rates(setting);
        return r == null ? 0 : r.train;
    }

    private double infer(PeerSetting setting) throws IOException {
        Rates r = rates(setting);
        return r == null ? 0 : r.infer;
    }

    private @Nullable Rates rates(PeerSetting setting) throws IOException {
        if (!known.containsKey(setting)) {
            progress.accept(setting.name());
            known.put(setting, trial.run(setting));
        }
        return known.get(setting);
    }
}
