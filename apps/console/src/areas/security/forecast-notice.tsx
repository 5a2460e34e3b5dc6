import type { SwitchForecast } from '@proofline/protocol';
import { Notice } from '../../ui/notice.tsx';
import { PropertyList } from '../../ui/surface.tsx';
import { capital } from './switch-words.ts';

/** What a switch would hit if it were thrown now. */
export function ForecastNotice({ forecast }: { readonly forecast: SwitchForecast }) {
  const { label, people, sessions, calls, decisions } = forecast;
  return (
    <Notice title={`${capital(label)}: what stopping this would hit now`}>
      <PropertyList
        items={[
          { label: 'Colleagues', value: `${people} signed in, in ${counted(sessions, 'session')}` },
          { label: 'Calls', value: `${calls} ringing or live` },
          {
            label: 'Last hour',
            value: `${decisions.stopped} of ${decisions.of} permits would have been refused${
              decisions.isPartial ? ' (only the newest were counted)' : ''
            }`,
          },
        ]}
      />
    </Notice>
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
