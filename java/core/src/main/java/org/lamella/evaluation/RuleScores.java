package org.lamella.evaluation;

/**
 * What a decision rule reaches on rows from which neither it nor the model learned.
 *
 * @param rule in a few words
 * @param hammingLoss share of wrong decisions
 * @param microF1 F1 of all decisions; NaN if nothing is positive and nothing is given
 * @param macroF1 mean F1 of the labels that have a positive; NaN without one
 * @param subsetAccuracy share of rows without a wrong decision
 */
public record RuleScores(String rule, double hammingLoss, double microF1, double macroF1, double subsetAccuracy) {}
