// All that is kept of an elder, as the gateway hands it out: lines of JSON of any length, whole only with their end.

import type { Answer, Http, Problem } from '../../shell/http.ts'

export type Archive = { content: Blob; isWhole: boolean }

/** An archive takes as long as it takes; one that is silent for so long is cut off. */
const WITHIN_MS = 10 * 60_000

/** `send` is the browser's `fetch`; an ended session is renewed by asking `http` for something. */
export async function fetchArchive(
  { http, send }: { http: Pick<Http, 'get'>; send: typeof fetch },
  { residentId, reason }: { residentId: string; reason: string },
): Promise<Answer<Archive>> {
  const ask = () =>
    send(`/api/v1/residents/${encodeURIComponent(residentId)}/export`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { accept: 'application/x-ndjson', 'content-type': 'application/json' },
      body: JSON.stringify({ reason }),
      signal: AbortSignal.timeout(WITHIN_MS),
    })
  try {
    let response = await ask()
    if (response.status === 401) {
      const who = await http.get(`residents/${encodeURIComponent(residentId)}`)
      if (!who.ok) return who
      response = await ask()
    }
    if (!response.ok) return { ok: false, problem: (await response.json()) as Problem }
    const content = await response.blob()
    return { ok: true, value: { content, isWhole: endsWhole(await content.slice(-END_BYTES).text()) } }
  } catch (error) {
    return { ok: false, problem: { code: 'UNREACHABLE', detail: String(error) } }
  }
}

const END_BYTES = 200

/** The last line says that it is the last one. */
export function endsWhole(tail: string): boolean {
  const last = tail.trimEnd().split('\n').at(-1) ?? ''
  return /^\{"kind":"end"[,}]/.test(last)
}
