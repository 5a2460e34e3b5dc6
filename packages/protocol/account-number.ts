import { z } from 'zod';

const ACCOUNT_NUMBER_MAX_CHARS = 40;

/**
 * The guarded system's own number for a customer's account, in the one form in which it is kept and
 * compared: without blanks around it, in upper case. It is told on calls and typed by hand.
 */
export const AccountNumber = z.string().trim().toUpperCase().min(1).max(ACCOUNT_NUMBER_MAX_CHARS);
