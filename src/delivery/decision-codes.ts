/** A reason that people pick; the words come from the live ruleset's model. */
export interface CodeOption {
  code: string;
  label: string;
}

export interface DecisionCodes {
  /** Why the tier is wrong. */
  override: CodeOption[];
  /** Why nobody should call. */
  disqualify: CodeOption[];
}
