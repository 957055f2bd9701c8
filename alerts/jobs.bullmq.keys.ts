// What the jobs are called in Redis.
//
//   {anxin-jobs}:queues          set of the names of all queues
//   {anxin-jobs}:<queue>:…       what BullMQ keeps of one; the hash tag lets its scripts run on a cluster
//   {anxin-jobs}:<queue>:j-<id>  a job. The id is encoded: ":" is not allowed in it, and a job that is called "wait"
//                                would be the list of those that wait

export const JOBS_PREFIX = '{anxin-jobs}'
export const QUEUES_KEY = `${JOBS_PREFIX}:queues`

export const toBullId = (id: string): string => `j-${encodeURIComponent(id)}`
export const fromBullId = (id: string): string => decodeURIComponent(id.slice(2))
