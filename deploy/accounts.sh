#!/bin/bash
# Runs in the container `accounts`: Kibana's password, and Monitor's role and user. Again changes nothing.
set -euo pipefail
base=${ELASTICSEARCH_URL:-http://elasticsearch:9200}
secrets=${SECRETS:-/run/secrets}
setup=${SETUP:-/setup}
admin=${ELASTIC_USER:-elastic}

# The password goes in by a file handle, so that no list of processes shows it.
call() { # METHOD PATH, body on standard input
    curl --silent --show-error --fail --request "$1" "$base$2" \
        --config <(printf 'user = "%s:%s"\n' "$admin" "$(cat "$secrets/elastic_password")") \
        --header 'content-type: application/json' --data-binary @-
    echo
}

printf '{"password": "%s"}' "$(cat "$secrets/kibana_password")" |
    call POST /_security/user/kibana_system/_password
call PUT /_security/role/monitor < "$setup/elasticsearch/role.json"
printf '{"password": "%s", "roles": ["monitor"], "full_name": "Monitor"}' "$(cat "$secrets/monitor_elastic_password")" |
    call PUT /_security/user/monitor
