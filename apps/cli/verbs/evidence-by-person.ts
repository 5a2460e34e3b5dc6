import { exportEvidence, openInquiry, searchEvidence, type EvidenceRow } from '@proofline/protocol';
import type { z } from 'zod';
import { NotDone } from '../server/call-route.ts';
import { personVerb, type PersonVerb, type PersonWords } from '../server/person-verb.ts';
import type { Environment } from '../server/pipeline-settings.ts';
import { sayTable } from '../server/table.ts';
import { exitCodes, sayJson, type Io, type Verb } from '../verb.ts';

const Asked = searchEvidence.query.omit({ inquiryId: true }).strict();
type Asked = z.output<typeof Asked>;

const ORPHANS = 'Nothing was permitted without a proof of identity behind it.';

const search: PersonVerb = {
  name: 'evidence search',
  usage:
    '[ID|NAME] --for PURPOSE [--orphans] [--followed] [--actor WHO] [--kind KIND] [--action ACTION]' +
    ' [--outcome OUTCOME] [--from TIME] [--to TIME] [--before INDEX] [--count N] [--json]',
  summary:
    'Searches the log, newest first, once a person has proved who they are and said what for.',
  options: 'for orphans followed actor kind action outcome from to before count json'.split(' '),
  plan(words) {
    const purpose = purposeOf(words);
    const asked = readSearch(words);
    if (purpose === undefined || asked === undefined) return undefined;
    return {
      lines: [`For         ${purpose}`],
      path: openInquiry.path,
      async act(call, io) {
        const { found } = await call(openInquiry, { body: { purpose, search: asked } });
        if (!found) throw new NotDone('The server answered something else than was asked.');
        if (words.isJson) sayJson(found, io);
        else tell(found, io, words.has('orphans'));
        // Whoever looks for a fault in a script wants to stop at one.
        return words.has('orphans') && found.entries.length > 0 ? exitCodes.wrong : exitCodes.ok;
      },
    };
  },
};

const take: PersonVerb = {
  name: 'evidence export',
  usage: 'ID --for PURPOSE --to FILE',
  summary: 'Writes the chain of an id into a file that anybody can verify offline.',
  options: ['for', 'to'],
  plan(words) {
    const { target: id } = words;
    const purpose = purposeOf(words);
    const path = words.text('to')?.trim();
    if (id === undefined || purpose === undefined || !path) return undefined;
    return {
      lines: [`Chain of    ${id}`, `For         ${purpose}`],
      path: exportEvidence.path,
      async act(call, io) {
        const file = await call(exportEvidence, { body: { id, purpose } });
        try {
          await io.writeNew(path, file.bytes);
        } catch {
          throw new NotDone(`The file ${path} cannot be written, or is there already.`);
        }
        io.say(`It is in    ${path}, ${file.bytes.length} bytes.`);
        io.say(`Check it    proofline evidence verify ${path}`);
        return exitCodes.ok;
      },
    };
  },
};

/** What a person reads of the log from the command line, one act at a time. */
export function evidenceByPerson(environment: Environment): readonly Verb[] {
  return [search, take].map((verb) => personVerb(environment, verb));
}

function purposeOf(words: PersonWords): string | undefined {
  const purpose = words.text('for')?.trim() ?? '';
  return purpose.length >= 3 && purpose.length <= 500 ? purpose : undefined;
}

/** The search in the words; `undefined`: one of them says nothing that there is. */
function readSearch(words: PersonWords): Asked | undefined {
  const times = [words.text('from'), words.text('to')].map(timeOf);
  const count = words.text('count');
  const cursor = words.text('before');
  const given = {
    id: words.target,
    actor: words.text('actor'),
    action: words.text('action'),
    kind: words.text('kind'),
    outcome: words.text('outcome'),
    only: words.has('orphans') ? 'orphans' : undefined,
    reach: words.has('followed') ? 'followed' : undefined,
    from: times[0],
    to: times[1],
    cursor,
    count,
  };
  const filled = Object.entries(given).filter(([, value]) => value !== undefined);
  // The contract says what there is.
  return Asked.safeParse(Object.fromEntries(filled)).data;
}

/** A time as ISO; what is none stays as it was typed, and is refused as that. */
function timeOf(text: string | undefined): string | undefined {
  const atMs = Date.parse(text ?? '');
  return Number.isNaN(atMs) ? text : new Date(atMs).toISOString();
}

interface Found {
  readonly entries: readonly EvidenceRow[];
  readonly total: { readonly count: number; readonly isExact: boolean };
  readonly nextCursor?: number | undefined;
  readonly searchedSize: number;
  readonly logSize: number;
  readonly searchedAt: string;
}

function tell(found: Found, io: Io, isForOrphans: boolean): void {
  sayTable(found.entries.map(columnsOf), io);
  const { count, isExact } = found.total;
  if (found.searchedSize < found.logSize) {
    io.say(`Only the first ${found.searchedSize} of ${found.logSize} entries were searched.`);
  } else if (isForOrphans && count === 0) {
    io.say(`${ORPHANS} Looked for in ${found.searchedSize} entries at ${found.searchedAt}.`);
  } else {
    io.say(`${isExact ? '' : 'At least '}${count} found in ${found.searchedSize} entries.`);
  }
  if (found.nextCursor !== undefined) io.say(`Older       --before ${found.nextCursor}`);
}

function columnsOf({ at, facts, index, kind, subjects, evidenceId }: EvidenceRow) {
  const { action, effect, outcome } = facts;
  const texts = [effect ?? outcome, action].filter((one) => typeof one === 'string');
  return {
    index: index === undefined ? 'pending' : String(index),
    time: at,
    kind,
    what: texts.join(' '),
    who: Object.entries(subjects)
      .map(([role, { name, pseudonym }]) => `${role} ${name ?? pseudonym}`)
      .join(', '),
    id: evidenceId,
  };
}
