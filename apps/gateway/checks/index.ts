import type { GatewayCheck } from '../exchange.ts';
import { body } from './body.ts';
import { credentials } from './credentials.ts';
import { decision } from './decision.ts';
import { filter } from './filter.ts';
import { forward } from './forward.ts';
import { grant } from './grant.ts';
import { input } from './input.ts';
import { limits } from './limits.ts';
import { result } from './result.ts';
import { route } from './route.ts';

/** The life of one request, in this order. A line that throws ends it. */
export const gatewayChecks: readonly GatewayCheck[] = [
  limits,
  route,
  credentials,
  grant,
  body,
  input,
  decision,
  forward,
  filter,
  result,
];
