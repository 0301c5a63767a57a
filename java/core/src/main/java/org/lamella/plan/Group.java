package org.lamella.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.BatchNorm;
import org.lamella.network.Concat;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;

/**
 * Layers that run as one operator: a convolution with the pooling and the activation after it, a dense layer or a batch
 * norm with its activation, or a single layer.
 */
final class Group {

    private final List<Node> nodes = new ArrayList<>();
    private @Nullable Pooling pooling;
    private @Nullable Activation activation;

    private Group(Node head) {
        nodes.add(head);
    }

    Node head() {
        return nodes.get(0);
    }

    Node tail() {
        return nodes.get(nodes.size() - 1);
    }

    @Nullable
    Pooling pooling() {
        return pooling;
    }

    @Nullable
    Activation activation() {
        return activation;
    }

    /**
     * Adds the layer after the tail, if they can run as one operator. The caller makes sure that no other layer reads
     * the tail.
     */
    boolean fuse(Node next, Network network, PlanOptions options, DeviceTraits traits) {
        Layer head = head().layer();
        boolean computes = head instanceof Convolution || head instanceof Dense || head instanceof BatchNorm;
        if (next.layer() instanceof Activation a
                && activation == null
                && computes
                && (!options.backward() || a.kind().slopeSource() != ActivationKind.SlopeSource.INPUT)) {
            // Only the output of a group is kept, so the derivative must depend on the output only.
            activation = a;
        } else if (next.layer() instanceof Pooling p
                && pooling == null
                && head instanceof Convolution
                && (activation == null || activation.kind().monotone())
                && fusible(p.resolved(network.shape(tail().name())), traits)) {
            // A maximum commutes with an activation that never decreases, so one operator serves both orders.
            pooling = p.resolved(network.shape(tail().name()));
        } else {
            return false;
        }
        nodes.add(next);
        return true;
    }

    /**
     * Whether a pooling can be fused: its windows do not overlap and are not too large for the device; on a GPU there
     * are also no gaps between windows.
     */
    private static boolean fusible(Pooling p, DeviceTraits traits) {
        boolean gaps = p.strideH() > p.windowH() || p.strideW() > p.windowW();
        return !(gaps && traits.processor() == Processor.GPU)
                && p.kind() == PoolingKind.MAX
                && p.padH() == 0
                && p.padW() == 0
                && p.strideH() >= p.windowH()
                && p.strideW() >= p.windowW()
                && p.windowH() * p.windowW() <= traits.fusedWindow();
    }

    String title() {
        StringBuilder title = new StringBuilder();
        for (Node n : nodes) {
            title.append(title.length() == 0 ? "" : "+").append(n.name());
        }
        return title.toString();
    }

    /** The layers that {@code target} depends on, in groups; every group comes after the groups that it reads. */
    static List<Group> of(Network network, String target, PlanOptions options, DeviceTraits traits) {
        Set<String> needed = needed(network, target);
        Map<String, List<Node>> readers = readers(network, needed);
        List<Group> groups = new ArrayList<>();
        Set<String> fused = new HashSet<>();
        for (Node n : network.nodes()) {
            if (!needed.contains(n.name()) || fused.contains(n.name())) {
                continue;
            }
            Group g = new Group(n);
            while (options.fuse() && !g.tail().name().equals(target)) {
                List<Node> next = readers.getOrDefault(g.tail().name(), List.of());
                if (next.size() != 1 || !g.fuse(next.get(0), network, options, traits)) {
                    break;
                }
                fused.add(next.get(0).name());
            }
            groups.add(g);
        }
        return groups;
    }

    /**
     * Layers whose only reader is a concatenation that reads them once, each with this concatenation: they can write
     * into its memory.
     */
    static Map<String, Node> concatenations(Network network, String target) {
        Map<String, Node> found = new HashMap<>();
        readers(network, needed(network, target)).forEach((name, nodes) -> {
            if (nodes.size() == 1
                    && nodes.get(0).layer() instanceof Concat
                    && !name.equals(Network.INPUT)
                    && !name.equals(target)) {
                found.put(name, nodes.get(0));
            }
        });
        return found;
    }

    private static Map<String, List<Node>> readers(Network network, Set<String> needed) {
        Map<String, List<Node>> readers = new HashMap<>();
        for (Node n : network.nodes()) {
            if (needed.contains(n.name())) {
                n.inputs()
                        .forEach(i -> readers.computeIfAbsent(i, k -> new ArrayList<>())
                                .add(n));
            }
        }
        return readers;
    }

    private static Set<String> needed(Network network, String target) {
        Map<String, Node> byName = new HashMap<>();
        network.nodes().forEach(n -> byName.put(n.name(), n));
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(target));
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!name.equals(Network.INPUT) && needed.add(name)) {
                open.addAll(Objects.requireNonNull(byName.get(name)).inputs());
            }
        }
        return needed;
    }
}
