/** Some 40 KB a step: more than a socket takes before somebody reads. */
export const bulky = (steps: number): string => `
name: bulky
steps: ${steps}
population: { size: 20, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: x }
lab: { size: 50 }
models: { m: { learner: mean } }
measure:
${Array.from({ length: 380 }, (_, k) => `  a_measure_with_a_name_as_long_as_may_be_to_fill_the_line_${k}: mean(x) + ${k}`).join('\n')}
`;
