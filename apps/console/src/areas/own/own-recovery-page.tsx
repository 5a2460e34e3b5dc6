import { ownRecovery } from '@proofline/protocol';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Loading } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { ShortenedNotice } from '../recovery/shortened-notice.tsx';
import { ContactsSection } from './contacts-section.tsx';
import { RecoveryCodeSection } from './recovery-code-section.tsx';
import { VouchSection } from './vouch-section.tsx';

/** What one lays by for the day on which every passkey is lost, and one's word for a colleague. */
export function OwnRecoveryPage() {
  const own = useRouteQuery(ownRecovery, {});
  return (
    <Page crumbs={[{ label: 'My recovery' }]}>
      {own.isPending && <Loading what="your recovery" />}
      {own.error && <ProblemNotice error={own.error} />}
      {own.data && (
        <div className="flex flex-col gap-3">
          <ShortenedNotice wait={own.data.wait} />
          {own.data.cappedUntil && (
            <Notice kind="info" title="Your account was recovered.">
              Until <Moment at={own.data.cappedUntil} /> it counts for less: it vouches for nobody
              and changes nothing here.
            </Notice>
          )}
          <div className="grid items-start gap-3 xl:grid-cols-2">
            <ContactsSection own={own.data} key={own.data.contactsChosenAt} />
            <RecoveryCodeSection own={own.data} />
            <VouchSection askedBy={own.data.askedBy} />
          </div>
        </div>
      )}
    </Page>
  );
}
