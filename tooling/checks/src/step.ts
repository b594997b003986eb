import type { PackedPackage } from './packed-packages.ts';
import type { CommandResult } from './run-command.ts';
import type { ReportedTest, TestReport } from './test-report.ts';

/** Something that is wrong, in one line, and what to do about it. Problems with the same `fix` are printed together. */
export interface Problem {
  readonly what: string;
  readonly fix: string;
}

export interface StepResult {
  readonly problems: readonly Problem[];
  /** Lines worth reading that fail nothing. */
  readonly notes: readonly string[];
}

/** What the steps of one run share. Costly results are made once, by the first step that asks. */
export interface Run {
  /** Absolute path of the checkout that is checked. */
  readonly root: string;
  built(): Promise<CommandResult>;
  packed(): Promise<readonly PackedPackage[]>;
  tested(): Promise<TestReport>;
  /** The tests that there are: those of `tested` when it was asked for, else listed without running them. */
  testTitles(): Promise<readonly ReportedTest[]>;
}

export interface Step {
  /** What `verify --only` takes. */
  readonly name: string;
  readonly title: string;
  readonly check: (run: Run) => Promise<StepResult>;
}

export function resultOf(problems: readonly Problem[], notes: readonly string[] = []): StepResult {
  return { problems, notes };
}
