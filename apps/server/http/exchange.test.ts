import { describe, expect, it } from 'vitest';
import { readCookie } from './exchange.ts';

describe('a cookie', () => {
  it('is found among others by its exact name', () => {
    const header = 'a=1; __Host-customer=s3cret; b=2';
    expect(readCookie(header, '__Host-customer')).toBe('s3cret');
    expect(readCookie(header, 'customer')).toBeUndefined();
    expect(readCookie(undefined, '__Host-customer')).toBeUndefined();
  });

  it.each([
    ['\u00a0__Host-customer=planted'],
    ['__host-customer=planted'],
    ['x__Host-customer=planted'],
    ['__Host-customer =planted'],
    ['__Host-customer=one; __Host-customer=two'],
  ])('is not taken from %j', (header) => {
    expect(readCookie(header, '__Host-customer')).toBeUndefined();
  });
});
