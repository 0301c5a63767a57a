package org.lamella.cli.option;

import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.lamella.training.TrainingListener;

/**
 * Ctrl-C (SIGINT) and SIGTERM as a request to end training in good order: the first one ends it after the current step,
 * the second one ends the program at once. Without this, the program would end at the first.
 */
public final class StopRequest implements TrainingListener, AutoCloseable {

    private static final int SIGNAL_CODE = 128;

    /** A signal and how it was handled before. */
    private record Replaced(Object signal, Object handler) {}

    private final PrintStream log;
    private final List<Replaced> replaced = new ArrayList<>();
    private volatile int code;
    private volatile boolean training;

    private StopRequest(PrintStream log) {
        this.log = log;
    }

    /**
     * Begins to listen.
     *
     * @param log where the answer to a signal goes
     * @return the listener; closing it restores what the signals did before
     */
    public static StopRequest listen(PrintStream log) {
        StopRequest request = new StopRequest(log);
        request.handle("INT");
        request.handle("TERM");
        return request;
    }

    /**
     * By reflection: the compiler warns of these classes, the only ones of the JDK for this, and warnings are errors. A
     * shutdown hook is no substitute: it makes a second Ctrl-C ineffective.
     */
    private void handle(String name) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            int number = (int) signalClass.getMethod("getNumber").invoke(signal);
            InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    received(SIGNAL_CODE + number);
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> name;
            };
            Object ours =
                    Proxy.newProxyInstance(StopRequest.class.getClassLoader(), new Class<?>[] {handlerClass}, handler);
            Object before =
                    signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, ours);
            replaced.add(new Replaced(signal, before));
        } catch (ReflectiveOperationException e) {
            // A Java without these classes, or with this signal taken by -Xrs: it then ends the program.
        }
    }

    private void received(int signalCode) {
        if (code != 0) {
            Runtime.getRuntime().halt(signalCode);
        }
        code = signalCode;
        log.println();
        log.println((training
                        ? "stopping after this step; the best weights so far and their report will be written"
                        : "training has ended; the report is being written")
                + "; again: end at once");
    }

    /** {@return whether a signal has come} */
    public boolean requested() {
        return code != 0;
    }

    /** {@return the exit code after a signal: 128 plus its number} */
    public int exitCode() {
        return code;
    }

    /**
     * Says what a signal will end.
     *
     * @param now whether a network is being trained
     */
    public void training(boolean now) {
        training = now;
    }

    @Override
    public boolean stops() {
        return requested();
    }

    @Override
    public void close() {
        for (Replaced r : replaced) {
            try {
                Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
                r.signal
                        .getClass()
                        .getMethod("handle", r.signal.getClass(), handlerClass)
                        .invoke(null, r.signal, r.handler);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a signal was handled before", e);
            }
        }
        replaced.clear();
    }
}
