// A number that stands for an id in what is stored of every elder: ids may be 64 characters long.

/** Of the few zones that one elder has to do with no two are alike, in 24 bits; two of ten thousand may be. */
export const MARK_BITS = 24
export const markOf = (id: string): number => longMarkOf(id) >>> (32 - MARK_BITS)

/** FNV-1a. */
export function longMarkOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
