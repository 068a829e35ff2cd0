# Builds Scant's Debian package and installs it, by the steps of script/bootstrap and script/package.
#   docker build -t scant .
#   docker run --rm -it -v "$PWD:/work" -w /work scant compare my-sounds
FROM swift:6.1-bookworm AS build
COPY . /source
RUN apt-get update && cd /source && script/package /out

FROM debian:bookworm-slim
COPY --from=build /out/*.deb /tmp/
RUN apt-get update && apt-get install -y /tmp/*.deb && rm -rf /tmp/*.deb /var/lib/apt/lists/*
ENTRYPOINT ["scant"]
