import { Datetime, parseDatetime } from '../values/datetime.ts';
import { Decimal, parseDecimal } from '../values/decimal.ts';
import { Duration, parseDuration } from '../values/duration.ts';
import { IpAddress, parseIpAddress } from '../values/ip-address.ts';
import type { ExtensionValue } from '../values/value.ts';
import type { ExtensionName } from './schema.ts';

/** The implicit constructor of each extension type. */
export const extensionParsers: Readonly<
  Record<ExtensionName, (text: string) => ExtensionValue | undefined>
> = {
  decimal: parseDecimal,
  ipaddr: parseIpAddress,
  datetime: parseDatetime,
  duration: parseDuration,
};

/** The class of each extension type. */
export const extensionClasses: Readonly<
  Record<ExtensionName, abstract new (...args: never) => ExtensionValue>
> = { decimal: Decimal, ipaddr: IpAddress, datetime: Datetime, duration: Duration };
