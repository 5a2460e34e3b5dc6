import { seededRandom } from '@proofline/kernel/node';
import { company, drawFrom, type Draw } from '../company.ts';
import type { ListName, ListRow } from './lists.ts';

const months = ['2026-08', '2026-09', '2026-10'] as const;
const wares = ['Router Meadow 3', 'Optical terminal', 'Set-top box', 'Smart meter'] as const;
const faults = ['no-connection', 'slow', 'drops-out', 'no-power'] as const;
const works = [
  'Fibre works in your street: short interruptions at night.',
  'New meters are fitted in your building.',
] as const;
const talks = [
  'Agent: How can I help? Caller: My router loses the line every evening.',
  'Agent: How can I help? Caller: I was charged twice for the installation.',
  'Agent: How can I help? Caller: When does the engineer come?',
] as const;

/** What hangs on the record of one account at the first start. */
export function seedLists(accountNumber: string): Readonly<Record<ListName, readonly ListRow[]>> {
  const digits = accountNumber.slice(3);
  // Drawn apart for each account, so that what was drawn for others stays as it was.
  const draw = drawFrom(seededRandom(`${company.seed}/lists/${accountNumber}`));
  return {
    'service-notices': draw.number(3) === 0 ? [noticeOf(draw)] : [],
    usage: months.map((month) => ({
      id: `USE-${digits}-${month.replace('-', '')}`,
      month,
      dataGb: 20 + draw.number(400),
      callMinutes: draw.number(600),
    })),
    orders: ordersOf(digits, draw),
    tickets: draw.number(2) === 0 ? [ticketOf(digits, draw)] : [],
    recordings: [
      {
        id: `REC-${digits}-1`,
        recordedOn: '2026-10-19',
        seconds: 90 + draw.number(400),
        transcript: draw.pick(talks),
      },
    ],
  };
}

function noticeOf(draw: Draw): ListRow {
  return { id: 'NOT-1', from: '2026-11-09', until: '2026-11-11', text: draw.pick(works) };
}

function ordersOf(digits: string, draw: Draw): ListRow[] {
  return [
    {
      id: `ORD-${digits}-1`,
      what: draw.pick(wares),
      orderedOn: '2026-10-20',
      dueOn: '2026-11-24',
      state: 'on its way',
    },
    {
      id: `VIS-${digits}-1`,
      what: 'Visit of an engineer',
      orderedOn: '2026-10-22',
      dueOn: '2026-12-02',
      state: 'booked',
    },
  ];
}

function ticketOf(digits: string, draw: Draw): ListRow {
  return {
    id: `TIC-${digits}-1`,
    fault: draw.pick(faults),
    openedOn: '2026-10-30',
    state: 'being looked at',
  };
}
