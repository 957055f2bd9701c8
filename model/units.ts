// Units that must not be mixed up. A brand costs nothing at run time.

declare const unit: unique symbol

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly [unit]: 'epoch-ms' }

/** Metres on the ground. */
export type Metres = number & { readonly [unit]: 'metres' }

/** Where the hub stored a message: `run-batch-index`. Assigned by the hub; the identity of a record. */
export type ReceiptId = string & { readonly [unit]: 'receipt-id' }

export const epochMs = (value: number): EpochMs => value as EpochMs
export const metres = (value: number): Metres => value as Metres
export const receiptId = (run: string, batch: number, index: number): ReceiptId =>
  `${run}-${batch.toString(36)}-${index.toString(36)}` as ReceiptId
