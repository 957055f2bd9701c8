// Whose state a rule keeps: what was seen of one wearer says nothing of the next.

/** A number for a resident's id, FNV-1a: it only has to differ from that of the next wearer. */
export function wearerMark(residentId: string | null): number {
  if (residentId === null) return 0
  let hash = 0x811c9dc5
  for (let i = 0; i < residentId.length; i++) hash = Math.imul(hash ^ residentId.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
