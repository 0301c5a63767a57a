package org.lamella.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {

    private static final List<String> NAMES = List.of("lenet", "lenet-small", "mlp");

    @Test
    void theNearestNameIsMeant() {
        assertThat(Suggestion.didYouMean("LeNt", NAMES)).isEqualTo("; did you mean lenet?");
        assertThat(Suggestion.didYouMean("lenet-smal", NAMES)).isEqualTo("; did you mean lenet-small?");
    }

    @Test
    void aNameThatIsFarFromAllIsNotGuessed() {
        assertThat(Suggestion.didYouMean("inception", NAMES)).isEmpty();
        assertThat(Suggestion.didYouMean("xyp", NAMES))
                .as("a short name may differ by one letter")
                .isEmpty();
    }
}
