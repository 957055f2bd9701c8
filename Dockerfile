# One image for every role of a hub: ROLES says which of them a container takes, without it all in one process.
#
#   docker build -t anxin:local . && docker run --init -v anxin:/data \
#     -p 127.0.0.1:8080:8080 -p 127.0.0.1:1883:1883 anxin:local
#
# The Node of the image is the one that the tests run on (package.json, `node`).
ARG NODE=node:24.21.0-bookworm-slim

# Nothing here needs an install script, and npm's own `node` is not wanted beside the image's.
FROM ${NODE} AS build
WORKDIR /anxin
COPY package.json package-lock.json ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY model ./model
COPY console ./console
RUN node node_modules/vite/bin/vite.js build console --logLevel error

FROM ${NODE} AS modules
WORKDIR /anxin
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

# What is copied belongs to root: the hub can read its own code and not change it.
FROM ${NODE}
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /anxin
RUN install --directory --mode=0700 --owner=node --group=node /data
COPY --from=modules /anxin/node_modules ./node_modules
COPY --from=build /anxin/console/dist ./console/dist
COPY package.json *.ts ./
COPY model ./model
COPY records ./records
COPY broker ./broker
COPY workers ./workers
COPY alerts ./alerts
COPY gateway ./gateway
COPY demo ./demo
COPY simulators ./simulators
USER node
EXPOSE 1883 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.HTTP_PORT || 8080) + '/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# No npm, no shell and no set-up in between: SIGTERM reaches the hub, and what it needs is in the image. The options
# are those of `npm start` (docs/decisions/0009).
CMD ["node", "--v8-pool-size=1", "--max-semi-space-size=32", "--initial-heap-size=256", "--external-memory-accounted-in-global-limit", "main.ts"]
