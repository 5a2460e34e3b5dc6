import { secondsUntil } from '../ports/clock.ts';
import { element } from './element.ts';
import { announce } from './screen.ts';

/** When the warning comes: WCAG 2.2 SC 2.2.1 asks for at least 20 s. */
const WARN_SECONDS = 30;

interface Countdown {
  readonly expiresAt: string;
  /** Reads as «1:43 {label}». */
  readonly label: string;
  /** Said once, when 30 s are left. */
  readonly warning: string;
  readonly onEnd: () => void;
}

/** Time that is left, in words; stops by itself when it leaves the page. */
export function countdown({ expiresAt, label, warning, onEnd }: Countdown): HTMLElement {
  const time = element('span', { role: 'timer' });
  const clock = element('p', { class: 'countdown' }, time, ` ${label}`);
  const tick = () => {
    const seconds = secondsUntil(expiresAt);
    time.textContent = minutes(seconds);
    if (seconds <= WARN_SECONDS && !clock.classList.contains('soon')) {
      clock.classList.add('soon');
      clock.append(element('span', { class: 'warning' }, warning));
      announce(`${seconds} seconds left. ${warning}`);
    }
    return seconds;
  };
  tick();
  const timer = setInterval(() => {
    if (!clock.isConnected) return clearInterval(timer);
    if (tick() > 0) return;
    clearInterval(timer);
    onEnd();
  }, 1000);
  return clock;
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
