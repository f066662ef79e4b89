# First Call runs its TypeScript sources directly: nothing is built, nothing is compiled.
FROM node:26-slim

ENV NODE_ENV=production
WORKDIR /app

# Without the optional packages: the Node and PostgreSQL binaries that a laptop needs and this image has
# or does not use. DATABASE_URL is required here.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

COPY LICENSE ./
COPY scoring-rules ./scoring-rules
COPY src ./src

USER node
EXPOSE 8080
# A worker listens nowhere: docker-compose.yml switches this check off for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "src/cli/main.ts"]
CMD ["start"]
