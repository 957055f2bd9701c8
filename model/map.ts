// The ground that maps are drawn on: whose tiles, in which datum, or none at all. Set by whoever runs the hub.

import { z } from 'zod'

/** Chinese maps for the public are drawn in GCJ-02, some hundred metres beside WGS-84. */
export const MAP_DATUMS = ['wgs84', 'gcj02'] as const

export const mapGroundSchema = z
  .object({
    layers: z.array(z.string()).max(2).meta({
      description: 'Templates with {z}, {x}, {y} (or {-y}) of web mercator tiles, the lowest first',
    }),
    datum: z.enum(MAP_DATUMS),
    zoomMax: z.number().int().meta({ description: 'The closest zoom of which the server has tiles' }),
    attribution: z.string().nullable().meta({ description: 'Whose map it is; plain text' }),
  })
  .meta({ id: 'MapGround' })

export type MapDatum = (typeof MAP_DATUMS)[number]
export type MapGround = z.infer<typeof mapGroundSchema>

export const ZOOM_MAX = 18

/** Fences and tracks on a graticule: nobody else is asked. */
export const NO_TILES: MapGround = { layers: [], datum: 'wgs84', zoomMax: ZOOM_MAX, attribution: null }

/** Whether it is a template for the tiles of one server that a policy can name. */
export function isTileTemplate(text: string): boolean {
  const origin = tileOrigin(text)
  return origin !== undefined && ['{z}', '{x}'].every(part => text.includes(part)) && /\{-?y\}/.test(text)
}

/** `https://tiles.example.com`; undefined where the template names no single server. */
export function tileOrigin(template: string): string | undefined {
  const url = URL.parse(template)
  if (url === null || !/^https?:$/.test(url.protocol) || /[{}%]/.test(url.host)) return undefined
  return url.username === '' && url.password === '' ? url.origin : undefined
}

/**
 * The national map service: streets (vec) below names (cva), by WMTS in web mercator. Its datum, CGCS2000, is within
 * a decimetre of WGS-84.
 */
export function tianditu(key: string): MapGround {
  const layers = ['vec', 'cva'].map(
    layer =>
      `https://t0.tianditu.gov.cn/${layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${encodeURIComponent(key)}`,
  )
  return { layers, datum: 'wgs84', zoomMax: ZOOM_MAX, attribution: '天地图' }
}
