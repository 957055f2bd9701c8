// A socket as whoever reads a feed needs it; browser.ts opens real ones.

export type Socket = { send(text: string): void; close(): void }
export type SocketHandlers = { onText(text: string): void; onClose(code: number): void }
