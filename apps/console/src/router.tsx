import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { CallPage } from './areas/agent/call-page.tsx';
import { CallsPage } from './areas/agent/calls-page.tsx';
import { HomePage } from './areas/home-page.tsx';
import { auditSearch, radiusSearch } from './areas/audit/search.ts';
import { callsSearch, casesSearch } from './areas/agent/search.ts';
import { breakGlassSearch } from './areas/break-glass/search.ts';
import { invitationsSearch } from './areas/people/search.ts';
import {
  policiesSearch,
  staffSearch,
  switchesSearch,
  unusedSearch,
} from './areas/security/search.ts';
import { approvalsSearch, deskCallsSearch } from './areas/supervisor/search.ts';
import { SignInPage } from './areas/sign-in/sign-in-page.tsx';
import { ConsoleRoot } from './console-root.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { RouteErrorPage } from './shell/route-error-page.tsx';
import { Loading } from './ui/surface.tsx';

const root = createRootRoute({ notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/$uid',
  component: SignInPage,
});
const onboarding = createRoute({
  getParentRoute: () => root,
  path: '/onboarding',
  component: lazyRouteComponent(
    () => import('./areas/onboarding/onboarding-page.tsx'),
    'OnboardingPage',
  ),
});

const recovery = createRoute({
  getParentRoute: () => root,
  path: '/recovery',
  component: lazyRouteComponent(() => import('./areas/recovery/recovery-page.tsx'), 'RecoveryPage'),
});
const cancelRecovery = createRoute({
  getParentRoute: () => root,
  path: '/recovery/cancel',
  component: lazyRouteComponent(
    () => import('./areas/recovery/cancel-page.tsx'),
    'CancelRecoveryPage',
  ),
});

/** Everything for which one must be signed in. */
const app = createRoute({ getParentRoute: () => root, id: 'app', component: ConsoleRoot });

const home = createRoute({ getParentRoute: () => app, path: '/', component: HomePage });
const calls = createRoute({
  getParentRoute: () => app,
  path: '/agent',
  validateSearch: callsSearch,
  component: CallsPage,
});
const call = createRoute({
  getParentRoute: () => app,
  path: '/agent/calls/$interactionId',
  component: CallPage,
});
const cases = createRoute({
  getParentRoute: () => app,
  path: '/agent/cases',
  validateSearch: casesSearch,
  component: lazyRouteComponent(() => import('./areas/agent/cases-page.tsx'), 'CasesPage'),
});
const deskCalls = createRoute({
  getParentRoute: () => app,
  path: '/supervisor/calls',
  validateSearch: deskCallsSearch,
  component: lazyRouteComponent(
    () => import('./areas/supervisor/desk-calls-page.tsx'),
    'DeskCallsPage',
  ),
});
const approvals = createRoute({
  getParentRoute: () => app,
  path: '/supervisor/approvals',
  validateSearch: approvalsSearch,
  component: lazyRouteComponent(
    () => import('./areas/supervisor/approvals-page.tsx'),
    'ApprovalsPage',
  ),
});
const colleagues = createRoute({
  getParentRoute: () => app,
  path: '/supervisor/colleagues',
  component: lazyRouteComponent(
    () => import('./areas/supervisor/colleagues-page.tsx'),
    'ColleaguesPage',
  ),
});
const breakGlass = createRoute({
  getParentRoute: () => app,
  path: '/break-glass',
  validateSearch: breakGlassSearch,
  component: lazyRouteComponent(
    () => import('./areas/break-glass/break-glass-page.tsx'),
    'BreakGlassPage',
  ),
});
const people = createRoute({
  getParentRoute: () => app,
  path: '/people',
  validateSearch: invitationsSearch,
  component: lazyRouteComponent(() => import('./areas/people/people-page.tsx'), 'PeoplePage'),
});
const staff = createRoute({
  getParentRoute: () => app,
  path: '/security/people',
  validateSearch: staffSearch,
  component: lazyRouteComponent(() => import('./areas/security/staff-page.tsx'), 'StaffPage'),
});
const person = createRoute({
  getParentRoute: () => app,
  path: '/security/people/$subjectId',
  component: lazyRouteComponent(() => import('./areas/security/person-page.tsx'), 'PersonPage'),
});
const policies = createRoute({
  getParentRoute: () => app,
  path: '/security/policies',
  validateSearch: policiesSearch,
  component: lazyRouteComponent(() => import('./areas/security/policies-page.tsx'), 'PoliciesPage'),
});
const unused = createRoute({
  getParentRoute: () => app,
  path: '/security/unused',
  validateSearch: unusedSearch,
  component: lazyRouteComponent(() => import('./areas/security/unused-page.tsx'), 'UnusedPage'),
});
const hardware = createRoute({
  getParentRoute: () => app,
  path: '/security/hardware',
  component: lazyRouteComponent(() => import('./areas/security/hardware-page.tsx'), 'HardwarePage'),
});
const sessions = createRoute({
  getParentRoute: () => app,
  path: '/security/sessions',
  component: lazyRouteComponent(() => import('./areas/security/sessions-page.tsx'), 'SessionsPage'),
});
const switches = createRoute({
  getParentRoute: () => app,
  path: '/security/switches',
  validateSearch: switchesSearch,
  component: lazyRouteComponent(() => import('./areas/security/switches-page.tsx'), 'SwitchesPage'),
});
const provisioning = createRoute({
  getParentRoute: () => app,
  path: '/security/provisioning',
  component: lazyRouteComponent(
    () => import('./areas/security/provisioning-page.tsx'),
    'ProvisioningPage',
  ),
});
const services = createRoute({
  getParentRoute: () => app,
  path: '/security/services',
  component: lazyRouteComponent(
    () => import('./areas/security/programs/services-page.tsx'),
    'ServicesPage',
  ),
});
const applications = createRoute({
  getParentRoute: () => app,
  path: '/security/applications',
  component: lazyRouteComponent(
    () => import('./areas/security/applications-page.tsx'),
    'ApplicationsPage',
  ),
});
const keys = createRoute({
  getParentRoute: () => app,
  path: '/security/keys',
  component: lazyRouteComponent(() => import('./areas/security/keys/keys-page.tsx'), 'KeysPage'),
});
const audit = createRoute({
  getParentRoute: () => app,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./areas/audit/audit-page.tsx'), 'AuditPage'),
});
const radius = createRoute({
  getParentRoute: () => app,
  path: '/audit/radius',
  validateSearch: radiusSearch,
  component: lazyRouteComponent(() => import('./areas/audit/radius-page.tsx'), 'RadiusPage'),
});
const entry = createRoute({
  getParentRoute: () => app,
  path: '/audit/$evidenceId',
  component: lazyRouteComponent(() => import('./areas/audit/entry-page.tsx'), 'EntryPage'),
});

const retention = createRoute({
  getParentRoute: () => app,
  path: '/audit/retention',
  component: lazyRouteComponent(
    () => import('./areas/audit/retention/retention-page.tsx'),
    'RetentionPage',
  ),
});
const myRecovery = createRoute({
  getParentRoute: () => app,
  path: '/my-recovery',
  component: lazyRouteComponent(
    () => import('./areas/own/own-recovery-page.tsx'),
    'OwnRecoveryPage',
  ),
});
const mySessions = createRoute({
  getParentRoute: () => app,
  path: '/my-sessions',
  component: lazyRouteComponent(
    () => import('./areas/own/own-sessions-page.tsx'),
    'OwnSessionsPage',
  ),
});
const passkeys = createRoute({
  getParentRoute: () => app,
  path: '/passkeys',
  component: lazyRouteComponent(() => import('./areas/own/passkeys-page.tsx'), 'PasskeysPage'),
});

const tree = root.addChildren([
  signIn,
  onboarding,
  recovery,
  cancelRecovery,
  app.addChildren([
    home,
    calls,
    call,
    cases,
    deskCalls,
    approvals,
    colleagues,
    breakGlass,
    people,
    staff,
    person,
    policies,
    unused,
    hardware,
    sessions,
    switches,
    provisioning,
    services,
    applications,
    keys,
    audit,
    radius,
    entry,
    retention,
    myRecovery,
    mySessions,
    passkeys,
  ]),
]);

/** The site map: every page there is, and what its address may carry. */
export function createConsoleRouter() {
  return createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    defaultErrorComponent: RouteErrorPage,
    defaultPendingComponent: () => <Loading what="the page" />,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
