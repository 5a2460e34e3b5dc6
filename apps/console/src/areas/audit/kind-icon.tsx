import type { EvidenceKind } from '@proofline/protocol';
import {
  BadgeCheck,
  BookMarked,
  ClipboardCheck,
  FileSearch,
  Fingerprint,
  FolderOpen,
  Gavel,
  KeyRound,
  LogIn,
  Phone,
  Scale,
  ScrollText,
  Send,
  UserPlus,
  type LucideIcon,
} from 'lucide-react';
import { areaOf } from '../../format/words.ts';

const icons: Readonly<Record<string, LucideIcon>> = {
  log: BookMarked,
  policy: Scale,
  onboarding: UserPlus,
  enrolment: UserPlus,
  authenticator: Fingerprint,
  session: LogIn,
  interaction: Phone,
  case: FolderOpen,
  proof: BadgeCheck,
  grant: KeyRound,
  decision: Gavel,
  request: Send,
  approval: ClipboardCheck,
  evidence: FileSearch,
};

/** The area of an entry's kind as a picture; the kind stands beside it in words. */
export function KindIcon({ kind }: { readonly kind: EvidenceKind }) {
  const Icon = icons[areaOf(kind)] ?? ScrollText;
  return <Icon aria-hidden size={15} className="mt-0.5 shrink-0 text-dim" />;
}
