/** The part of ml-regression that is used here; the package ships no types. */
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
    constructor(x: number[], y: number[]);
    predict(x: number): number;
    predict(x: number[]): number[];
    toJSON(): unknown;
  }
  export class PowerRegression implements SingleRegression {
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
    constructor(x: number[], y: number[]);
    predict(x: number): number;
    predict(x: number[]): number[];
    toJSON(): unknown;
  }
  export class RobustPolynomialRegression implements SingleRegression {
    constructor(x: number[], y: number[], degree: number);
    predict(x: number): number;
    predict(x: number[]): number[];
    toJSON(): unknown;
  }
}
