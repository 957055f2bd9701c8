// Whether the list of notices is on the screen (pure). It lies over the open file, which stays open beneath.

import type { Desk, DeskEvent } from './desk.ts'

/** `beneath`: a notice was opened from the list, which is there again once that file is closed. */
export type Notices = 'closed' | 'shown' | 'beneath'

export function noticesAfter({ notices, board }: Desk, event: DeskEvent): Notices {
  switch (event.type) {
    case 'noticesToggled':
      return notices === 'shown' ? 'closed' : 'shown'
    case 'opened': {
      const isNotice = board.alarms.get(event.id)?.class === 'technical'
      return isNotice && notices !== 'closed' ? 'beneath' : 'closed'
    }
    case 'fileClosed':
      return notices === 'beneath' ? 'shown' : notices
    default:
      return notices
  }
}
