/** What happened in a run, as marks that explain themselves. */
import type { EventRecord, Intervention } from '../src/loop/trace.js';
import type { ChartMark } from './chart-spec.js';
import type { RunData } from './run-data.js';

/** What the marks need of a scenario; the header's is not checked again. */
interface Told {
  readonly drift?: readonly Mechanism[];
  readonly sense?: readonly Mechanism[];
  readonly respond?: readonly Mechanism[];
  readonly collect?: readonly Mechanism[];
  readonly knobs?: readonly { readonly path: string; readonly label: string }[];
  readonly schedule?: readonly Intervention[];
  readonly story?: readonly { readonly at: number; readonly say: string }[];
}
interface Mechanism {
  readonly name: string;
  readonly about?: string;
}

const BLOCKS = {
  drift: 'The world changes by itself',
  sense: 'What the model sees is not what is',
  respond: 'People respond to the model',
  collect: 'What is recorded is not what happened',
} as const;
type Block = keyof typeof BLOCKS;
const isBlock = (name: string): name is Block => name in BLOCKS;

const made = new WeakMap<RunData, { readonly of: string; readonly marks: readonly ChartMark[] }>();

/** Every event of the run so far, and the scenes of the story that it has reached, by time. Made anew only when there are more. */
export function marksOf(data: RunData): readonly ChartMark[] {
  const told = (data.header?.scenario ?? {}) as Told;
  const scenes = (told.story ?? []).filter(({ at }) => at <= data.t);
  // The events of a step come before its record, which says more of them.
  const open = (data.events.at(-1)?.t ?? -1) > data.t;
  const of = `${data.events.length} ${scenes.length} ${open}`;
  const known = made.get(data);
  if (known?.of === of) return known.marks;
  const marks = [
    ...data.events.flatMap((event) => markOf(event, told, data)),
    ...scenes.map(({ at, say }, k): ChartMark => ({ t: at, kind: 'story', label: `Scene ${k + 1}`, text: say })),
  ].sort((a, b) => a.t - b.t);
  made.set(data, { of, marks });
  return marks;
}

function markOf(event: EventRecord, told: Told, data: RunData): ChartMark[] {
  const { message, name, t } = event;
  switch (event.kind) {
    case 'mechanism':
      return [mechanism(event, told)];
    case 'deploy': {
      const trained = data.steps.run[t]?.models[name]?.trained;
      const from =
        trained === undefined
          ? ''
          : trained < 0
            ? ' It was trained in the lab.'
            : ` It has learnt from what was recorded up to step ${trained}.`;
      return [
        { t, kind: 'deploy', label: `${name} ${message}`, text: `From here on people meet this version.${from}` },
      ];
    }
    case 'intervention':
      return [hand(event, told)];
    case 'alarm':
      return [{ t, kind: 'note', label: `alarm: ${name}`, text: sentence(`the monitor reaches ${message}`) }];
    case 'warning':
      return [{ t, kind: 'note', label: `warning: ${name}`, text: sentence(`the monitor reaches ${message}`) }];
    case 'divergence':
      return [{ t, kind: 'note', label: `${name} diverges`, text: sentence(message) }];
    case 'trial':
      return [{ t, kind: 'note', label: `${name}: ${message}`, text: sentence(message) }];
    case 'rollback':
      return [{ t, kind: 'deploy', label: `${name} is rolled back`, text: sentence(message) }];
    case 'kept':
      return [{ t, kind: 'note', label: `${name} keeps its version`, text: sentence(message) }];
    case 'note':
      return [{ t, kind: 'note', label: `a note on ${name}`, text: sentence(message) }];
    // A training that matters is deployed, and that is a mark.
    default:
      return [];
  }
}

function mechanism({ message, name, t }: EventRecord, told: Told): ChartMark {
  const at = name.indexOf('.');
  const block = name.slice(0, at);
  const short = name.slice(at + 1);
  const kind = isBlock(block) ? block : 'note';
  const about = isBlock(block) ? told[block]?.find((one) => one.name === short)?.about : undefined;
  const means = isBlock(block) ? BLOCKS[block] : 'A mechanism';
  return {
    t,
    kind,
    label: `${short} ${message}`,
    text: about === undefined ? `${means}.` : `${means}: ${sentence(about)}`,
  };
}

/** By hand, or as the scenario's own schedule has it. */
function hand({ message, name, t }: EventRecord, told: Told): ChartMark {
  const planned = (told.schedule ?? []).some(
    ({ at, set }) => at === t && set !== undefined && Object.keys(set).join(', ') === name,
  );
  const words = message
    .split('; ')
    .map((part) => {
      const knob = told.knobs?.find(({ path }) => part.startsWith(`${path} = `));
      return knob === undefined ? part : `${knob.label}${part.slice(knob.path.length)}`;
    })
    .join('; ');
  return planned
    ? { t, kind: 'note', label: `as planned: ${words}`, text: `The scenario sets this at step ${t}: ${message}.` }
    : { t, kind: 'hand', label: `by hand: ${words}`, text: `Somebody put a hand on the running world: ${message}.` };
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
