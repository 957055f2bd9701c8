// Tabs of one browser share one session: what one does with it, the others hear.

/** Somebody has signed in, or out by their own wish. */
export type SessionNews = 'signed_in' | 'signed_out'

const CHANNEL = 'anxin.session'

/** Tells all tabs of this browser, also other parts of this one. */
export function tellTabs(news: SessionNews): void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage(news)
  channel.close()
}

/** Calls with what any tab tells; returns the way to stop. */
export function onTabs(heard: (news: SessionNews) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = ({ data }: { data: unknown }) => {
    if (data === 'signed_in' || data === 'signed_out') heard(data)
  }
  return () => channel.close()
}
