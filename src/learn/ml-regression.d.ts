/** The part of ml-regression that is used here and in the tests; the package ships no types. */
declare module 'ml-regression' {
  export class MultivariateLinearRegression {
    constructor(x: number[][], y: number[][], options?: { intercept?: boolean; statistics?: boolean });
    readonly weights: number[][];
  }
  interface SingleRegression {
    predict(x: number): number;
    predict(x: number[]): number[];
    toJSON(): unknown;
  }
  export class ExponentialRegression implements SingleRegression {
    static load(json: unknown): ExponentialRegression;
    constructor(x: number[], y: number[]);
    predict(x: number): number;
    predict(x: number[]): number[];
    toJSON(): unknown;
  }
  export class PowerRegression implements SingleRegression {
    static load(json: unknown): PowerRegression;
    constructor(x: number[], y: number[]);
    predict(x: number): number;
    predict(x: number[]): number[];
    toJSON(): unknown;
  }
  export class PolynomialRegression {
    constructor(x: number[], y: number[], degree: number);
    predict(x: number): number;
  }
  export class TheilSenRegression implements SingleRegression {
    readonly slope: number;
    readonly intercept: number;
    static load(json: unknown): TheilSenRegression;
    constructor(x: number[], y: number[]);
    predict(x: number): number;
    predict(x: number[]): number[];
    toJSON(): unknown;
  }
  export class RobustPolynomialRegression implements SingleRegression {
    static load(json: unknown): RobustPolynomialRegression;
    constructor(x: number[], y: number[], degree: number);
    predict(x: number): number;
    predict(x: number[]): number[];
    toJSON(): unknown;
  }
  export class KernelRidgeRegression {
    constructor(
      inputs: number[][],
      outputs: number[][],
      options: { lambda: number; kernelType: string; kernelOptions: Record<string, number> },
    );
    readonly alpha: { to1DArray(): number[] };
  }
}
