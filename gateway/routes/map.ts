// Which map the screens draw on, as the environment says.

import { type MapGround, mapGroundSchema } from '../../model/map.ts'
import { answers } from '../answers.ts'
import type { App } from '../app.ts'

export function mapRoute(app: App, { ground }: { ground: MapGround }): void {
  app.route({
    method: 'GET',
    url: '/map',
    config: { access: 'signed-in' },
    schema: {
      tags: ['map'],
      summary: 'The ground of maps',
      description: 'Whose tiles maps are drawn on, and in which datum; without layers there are none.',
      response: answers({ 200: mapGroundSchema }, []),
    },
    handler: async () => ground,
  })
}
