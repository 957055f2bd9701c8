// Whether this machine can hold so many wearables: said before the first connects, not when the kernel says it.

/** Measured: 60 kB a connection with its elder; the rest is room for what waits when the hub is away. */
export const BYTES_PER_DEVICE = 120_000
/** Sockets and files of the program itself. */
const OWN_FILES = 100

export type Machine = { freeBytes: number; openFiles: number }

/** Why it cannot; undefined when it can. */
export function tooManyFor({ freeBytes, openFiles }: Machine, devices: number): string | undefined {
  const byMemory = Math.floor(freeBytes / BYTES_PER_DEVICE)
  const byFiles = openFiles - OWN_FILES
  const most = Math.max(0, Math.min(byMemory, byFiles))
  if (devices <= most) return undefined
  const scarce = byFiles < byMemory ? `open files (limit ${openFiles})` : 'memory'
  return `${devices} devices are too many for this machine's ${scarce}: at most ${most}`
}

/** What the machine has now. */
export function thisMachine(): Machine {
  return { freeBytes: process.availableMemory(), openFiles: openFileLimit() }
}

/** Node tells the limit only in its diagnostic report. Without one (Windows) nothing limits. */
function openFileLimit(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY
}
