#!/bin/sh
# Run once by a new PostgreSQL: a role and a database for each service, closed to its neighbours.
set -eu
for name in $SERVICES; do
  password=$(printenv "$(echo "$name" | tr a-z- A-Z_)_DB_PASSWORD")
  own=smartcity_$(echo "$name" | tr - _)
  psql --set=ON_ERROR_STOP=1 --set=own="$own" --set=password="$password" --username postgres <<'SQL'
CREATE ROLE :"own" LOGIN PASSWORD :'password';
CREATE DATABASE :"own" OWNER :"own" TEMPLATE template0 ENCODING 'UTF8';
REVOKE CONNECT, TEMPORARY ON DATABASE :"own" FROM PUBLIC;
SQL
done
