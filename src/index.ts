/** The public face of the library. */
export type { Intervention, Metrics, ModelRecord, StepRecord, TraceRecord, Vantage } from './loop/trace.js';
export { type Diagnostic, formatDiagnostic, ScenarioError } from './scenario/diagnostic.js';
export { type LoadedScenario, type LoadOptions, loadScenario, parseScenario } from './scenario/load.js';
export { PolicyError } from './scenario/policy.js';
export { jsonSchema, type Scenario } from './scenario/schema.js';
export { type SimulateOptions, simulate } from './scenario/simulate.js';
export { type ComparePoliciesOptions, comparePolicies as compare } from './study/compare-policies.js';
export type { Compared } from './study/comparing.js';
export {
  ExplainError,
  type ExplainOptions,
  type Explanation,
  explain,
  type Share,
} from './study/explain/index.js';
export { type Judgement, type JudgeOptions, judge, judgeAll } from './study/judge.js';
export { FolderError, SweepError, type SweepOptions, type SweepTable, sweep } from './study/sweep/index.js';
