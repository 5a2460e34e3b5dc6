import type { Random } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';

/** The demo's company, which does not exist: fibre and power for homes. */
export const company = {
  name: 'Marrowfield Home',
  /** Everything invented about it is drawn from this. */
  seed: 'marrowfield-home-1',
  customersCount: 340,
  /** Where its agents sit; the second is outsourced. */
  desks: ['Head office', 'Calder & Vane'],
} as const;

/** A customer as both the CRM and Proofline know them. */
export interface DemoCustomer {
  readonly accountNumber: string;
  readonly name: string;
  /** What is on file: where a message may go. */
  readonly contact: { readonly kind: 'sms'; readonly address: string };
}

const firstNames =
  'Ada Amir Anneke Arjun Beatriz Bela Bram Callum Carmen Dafna Dario Edda Elif Emil Esther Farid Femke Goran Hana Henrik Ines Ismail Ivo Jonas Joy Kaori Kofi Lars Leila Lior Luz Magda Marek Maya Milan Mira Nadia Nils Noor Olga Omar Paolo Petra Rafael Rana Rosa Sami Selma Stella Tariq Tessa Uma Viktor Wanda Yara Yusuf Zoe'.split(
    ' ',
  );
const lastNames =
  'Abara Adler Almeida Bakker Benali Berg Castro Cohen Dahl Demir Eklund Farkas Fischer Garcia Grant Haddad Hansen Horvat Ibrahim Jansen Kaya Keller Kowalska Larsen Lindqvist Lopes Maier Marino Mensah Moreau Nagy Novak Okafor Olsen Ortega Patel Pereira Quist Rahimi Reyes Rossi Santos Schmid Silva Sorensen Suzuki Tamm Torres Umar Vargas Virtanen Weber Wolff Yilmaz Zeman'.split(
    ' ',
  );

/** Draws from a seeded generator: the same company at every start. */
export interface Draw {
  /** A whole number from 0 to `below` − 1. */
  number(below: number): number;
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T;
}

/** A {@link Draw} on random bytes. */
export function drawFrom(random: Random): Draw {
  const number = (below: number): number => {
    const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
    return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % below;
  };
  return {
    number,
    pick: (items) => {
      const item = items[number(items.length)];
      if (item === undefined) throw new Error('nothing to draw from');
      return item;
    },
  };
}

/**
 * Every customer, always the same. Telephone numbers are from the range that Ofcom keeps free for
 * drama (+44 7700 900000 to 900999); no message can reach anybody.
 */
export function demoCustomers(): readonly DemoCustomer[] {
  const draw = drawFrom(seededRandom(`${company.seed}/people`));
  return Array.from({ length: company.customersCount }, (_, index) => ({
    accountNumber: `MH-${10_001 + index}`,
    name: `${draw.pick(firstNames)} ${draw.pick(lastNames)}`,
    contact: { kind: 'sms', address: `+44 7700 900${String(index).padStart(3, '0')}` },
  }));
}
