/** The page: a scenario that runs, and the gap between what the lab promised and what is. */
import { select } from 'd3';
import { Chart, shortName } from './chart.js';
import { Run } from './run.js';
import { RecordStream, type StreamState } from './stream.js';
import { gap, type Sentence } from './words.js';

const element = <E extends Element>(id: string): E => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as unknown as E;
};

const play = element<HTMLButtonElement>('play');
const again = element<HTMLButtonElement>('again');
const speed = element<HTMLSelectElement>('speed');
const chart = new Chart(element<SVGSVGElement>('chart'));

const STATES: Readonly<Record<StreamState, string>> = {
  live: '',
  waiting: 'Connecting …',
  paused: 'Paused.',
  ended: 'The run has ended.',
  failed: 'The connection was lost, and the run with it. Start again.',
};

let run = new Run();
let asked = false;

/** At most once a frame, however many records come. */
function redraw(): void {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    draw();
  });
}

function draw(): void {
  const { header } = run;
  if (header === null) return;
  document.title = `${header.name} · driftloop`;
  element('name').textContent = header.name;
  element('about').textContent = (header.scenario as { about?: string } | null)?.about ?? '';
  if (run.t >= 0) {
    const said = gap(run);
    sentence('promised', said.promised);
    sentence('actually', said.actually);
    sentence('dashboard', said.dashboard);
    element('step').textContent = `Step ${run.t + 1} of ${header.steps}`;
  }
  element('caption').textContent =
    `The ${run.metric} of each step: what the deployed version promised in the lab, what the dashboard observes, what ` +
    'actually is, and what would be with no feedback: the same draws, and nobody who reacts. ' +
    'Triangles: a new version is deployed.';
  chart.draw(run);
  select(element<HTMLOListElement>('events'))
    .selectAll('li')
    .data(run.events)
    .join((enter) => {
      const item = enter.append('li');
      item.append('span').text(({ t }) => (t < 0 ? 'in the lab' : `step ${t}`));
      item.append('div').text(({ message, name }) => `${shortName(name)}: ${message}`);
      return item;
    });
}

function sentence(id: string, { after, before, figure }: Sentence): void {
  const bold = document.createElement('b');
  bold.textContent = figure;
  element(id).replaceChildren(before, bold, after);
}

const stream = new RecordStream(
  {
    record(record) {
      run.take(record);
      redraw();
    },
    state(state) {
      const running = state === 'live' || state === 'waiting';
      play.textContent = running ? 'Pause' : 'Go on';
      play.disabled = state === 'ended' || state === 'failed';
      const status = element('state');
      status.textContent = state === 'ended' && run.diverged ? 'The run has diverged, and ended.' : STATES[state];
      status.classList.toggle('failed', state === 'failed');
    },
  },
  Number(speed.value),
);

play.addEventListener('click', () => {
  if (stream.state === 'paused') stream.play();
  else stream.pause();
});
again.addEventListener('click', () => {
  stream.reset();
  run = new Run();
  stream.play();
});
speed.addEventListener('change', () => {
  stream.speed = Number(speed.value);
  if (stream.state === 'live' || stream.state === 'waiting') stream.play();
});
new ResizeObserver(redraw).observe(element('chart'));
stream.play();
