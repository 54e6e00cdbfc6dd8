/** Light, dark, or as the system has it. The choice is remembered on this machine. */
import { h, say } from './dom.js';

const KEY = 'driftloop-theme';
type Theme = 'light' | 'dark';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
type Choice = keyof typeof NEXT;
const WORDS: Readonly<Record<Choice, string>> = { system: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' };

function remembered(): Choice {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

function apply(choice: Choice): void {
  if (choice === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice satisfies Theme;
}

export function themeButton(): HTMLElement {
  let choice = remembered();
  apply(choice);
  const button = h('button', {
    type: 'button',
    id: 'theme',
    onclick: () => {
      choice = NEXT[choice];
      apply(choice);
      say(button, WORDS[choice]);
      try {
        localStorage.setItem(KEY, choice);
      } catch {
        // A page from a file may remember nothing.
      }
    },
  });
  say(button, WORDS[choice]);
  return button;
}
