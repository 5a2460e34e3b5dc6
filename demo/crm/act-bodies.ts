import { z } from 'zod';

/** What the acts of the CRM are told. */
export const amountCents = z.int().min(1).max(1_000_000);
export const reason = z.string().regex(/^[a-z-]{3,40}$/);
export const day = z.string().regex(/^20[0-9]{2}-[01][0-9]-[0-3][0-9]$/);
export const invoiceId = z.string().regex(/^INV-[0-9]{5}-[0-9]{6}$/);
export const orderId = z.string().regex(/^ORD-[0-9]{5}-[0-9]{1,4}$/);
export const visitId = z.string().regex(/^VIS-[0-9]{5}-[0-9]{1,4}$/);
export const words = z.string().min(1).max(500);
export const slot = z.enum(['morning', 'afternoon']);

/** What can be booked beside a plan. */
export const addOns = ['Static address', 'Sports channels', 'Roaming 10 GB'] as const;
/** What may be wrong with a line. */
export const faults = ['no-connection', 'slow', 'drops-out', 'no-power'] as const;
/** What hangs on a line. */
export const devices = ['router', 'optical-terminal', 'meter'] as const;
/** What a complaint is about. */
export const topics = ['billing', 'service', 'conduct', 'delivery'] as const;
/** How a customer may be addressed for advertising. */
export const consents = ['none', 'email', 'email-and-phone'] as const;
/** What somebody who depends on the service is promised; why they do is not asked. */
export const priorities = ['reconnect-first', 'warn-before-works'] as const;
/** Why a contract ends. */
export const farewells = ['moving', 'price', 'service', 'other'] as const;
