package org.lamella.cli.option;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.optimization.LossConfig;
import org.lamella.text.Wording;

/** Losses as the command line names them. */
public final class LossNames {

    private LossNames() {}

    /**
     * A loss by its name.
     *
     * @param text for example {@code bce} or {@code focal=2}
     * @return the loss
     * @throws InputException if there is no such loss
     */
    public static LossConfig parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("=", 2);
        try {
            String[] numbers = parts.length < 2 ? new String[0] : parts[1].split(":", -1);
            LossConfig loss = switch (parts[0] + "/" + numbers.length) {
                case "bce/0" -> LossConfig.CROSS_ENTROPY;
                case "focal/0" -> LossConfig.focal(2);
                case "focal/1" -> LossConfig.focal(Double.parseDouble(numbers[0]));
                case "asymmetric/0" -> LossConfig.asymmetric(0, 4, 0.05);
                case "asymmetric/3" ->
                    LossConfig.asymmetric(
                            Double.parseDouble(numbers[0]),
                            Double.parseDouble(numbers[1]),
                            Double.parseDouble(numbers[2]));
                case "softmax/0" ->
                    throw new InputException(
                            "--loss softmax makes the labels of a row compete for one probability, which is "
                                    + "wrong if a row has several labels; use --loss bce, which treats each "
                                    + "label independently (with --threshold top-1 if every row has exactly one "
                                    + "label)");
                default -> throw unknown(text, null);
            };
            if (loss.equals(LossConfig.CROSS_ENTROPY) && numbers.length > 0) {
                throw new InputException("--loss " + text + " has no effect: with these parameters it is bce, the "
                        + "default; give other ones, or leave it out");
            }
            return loss;
        } catch (NumberFormatException e) {
            throw unknown(text, e);
        }
    }

    /**
     * The name of a loss, as {@link #parse} reads it.
     *
     * @param loss a loss
     * @return for example {@code focal=2}
     */
    public static String of(LossConfig loss) {
        if (loss.equals(LossConfig.CROSS_ENTROPY)) {
            return "bce";
        }
        return loss.margin() == 0 && loss.gammaPositive() == loss.gammaNegative()
                ? "focal=" + Wording.number(loss.gammaPositive())
                : "asymmetric=" + Wording.number(loss.gammaPositive()) + ":" + Wording.number(loss.gammaNegative())
                        + ":" + Wording.number(loss.margin());
    }

    private static InputException unknown(String text, @Nullable Throwable cause) {
        return new InputException(
                "no loss '" + text
                        + "'; there are bce, focal (or focal=GAMMA) and asymmetric (or "
                        + "asymmetric=POSITIVE:NEGATIVE:MARGIN)",
                cause);
    }
}
