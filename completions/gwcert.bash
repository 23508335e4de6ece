# SPDX-License-Identifier: Apache-2.0
# Made from the command tables by `make docs`.
# shellcheck disable=SC2207
_gwcert() {
	local cur prev cmd i names words
	cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd= words=
	# --name=value comes as three words.
	if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in -*) ;; *) cmd=${COMP_WORDS[i]}; break ;; esac
	done
	case $cmd:$prev in
	*:--color) COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
	init:--host) COMPREPLY=(); return ;;
	init:--from-cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	init:--from-openssl-cnf) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	init:--from-cert-manager) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	init:--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--set) COMPREPLY=(); return ;;
	gen:--vars-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--dir) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")); return ;;
	gen:--renew) COMPREPLY=(); return ;;
	gen:--rekey) COMPREPLY=(); return ;;
	gen:--on-change) COMPREPLY=(); return ;;
	gen:--stream) COMPREPLY=($(compgen -W "secret" -- "$cur")); return ;;
	gen:--jobs) COMPREPLY=(); return ;;
	gen:--shard) COMPREPLY=(); return ;;
	gen:--max-failures) COMPREPLY=(); return ;;
	gen:--host) COMPREPLY=(); return ;;
	gen:--days) COMPREPLY=(); return ;;
	gen:--key-type) COMPREPLY=($(compgen -W "ec-p256 ec-p384 ec-p521 rsa-2048 rsa-3072 rsa-4096 ed25519" -- "$cur")); return ;;
	gen:--profile) COMPREPLY=($(compgen -W "server client backend" -- "$cur")); return ;;
	gen:--issuer) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--issuer-key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--issuer-password) COMPREPLY=(); return ;;
	gen:--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	gen:--format) COMPREPLY=($(compgen -W "text json jsonl sarif junit github" -- "$cur")); return ;;
	sign:--issuer) COMPREPLY=(); return ;;
	sign:--issuer-key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	sign:--issuer-password) COMPREPLY=(); return ;;
	sign:--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	sign:--dir) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")); return ;;
	sign:--set) COMPREPLY=(); return ;;
	sign:--vars-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	sign:--profile) COMPREPLY=(); return ;;
	sign:--allow) COMPREPLY=(); return ;;
	sign:--days) COMPREPLY=(); return ;;
	sign:--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	sign:--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	revoke:--issuer) COMPREPLY=(); return ;;
	revoke:--issuer-key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	revoke:--issuer-password) COMPREPLY=(); return ;;
	revoke:--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	revoke:--dir) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")); return ;;
	revoke:--set) COMPREPLY=(); return ;;
	revoke:--vars-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	revoke:--crl) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	revoke:--reason) COMPREPLY=($(compgen -W "unspecified keyCompromise cACompromise affiliationChanged superseded cessationOfOperation certificateHold privilegeWithdrawn aACompromise" -- "$cur")); return ;;
	revoke:--at) COMPREPLY=(); return ;;
	revoke:--invalid-since) COMPREPLY=(); return ;;
	revoke:--next-update) COMPREPLY=(); return ;;
	revoke:--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	crl:--issuer) COMPREPLY=(); return ;;
	crl:--issuer-key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	crl:--issuer-password) COMPREPLY=(); return ;;
	crl:--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	crl:--dir) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")); return ;;
	crl:--set) COMPREPLY=(); return ;;
	crl:--vars-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	crl:--crl) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	crl:--next-update) COMPREPLY=(); return ;;
	crl:--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	template:--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	template:--set) COMPREPLY=(); return ;;
	template:--vars-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	show:--format) COMPREPLY=($(compgen -W "text short json pem" -- "$cur")); return ;;
	show:--select) COMPREPLY=(); return ;;
	show:--password) COMPREPLY=(); return ;;
	show:--connect) COMPREPLY=(); return ;;
	show:--timeout) COMPREPLY=(); return ;;
	bundle:--key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	bundle:--password) COMPREPLY=(); return ;;
	bundle:--roots) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	bundle:--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	verify:--key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	verify:--password) COMPREPLY=(); return ;;
	verify:--roots) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	verify:--intermediates) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	verify:--hostname) COMPREPLY=(); return ;;
	verify:--ip) COMPREPLY=(); return ;;
	verify:--uri) COMPREPLY=(); return ;;
	verify:--email) COMPREPLY=(); return ;;
	verify:--at) COMPREPLY=(); return ;;
	verify:--purpose) COMPREPLY=($(compgen -W "server client any" -- "$cur")); return ;;
	verify:--crl) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	verify:--max-depth) COMPREPLY=(); return ;;
	verify:--min-days) COMPREPLY=(); return ;;
	verify:--max-lifetime) COMPREPLY=(); return ;;
	verify:--target) COMPREPLY=($(compgen -W "gke-global gke-regional gke-internal public" -- "$cur")); return ;;
	verify:--as) COMPREPLY=($(compgen -W "client backend" -- "$cur")); return ;;
	verify:--trust) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	verify:--format) COMPREPLY=($(compgen -W "text json jsonl sarif junit github" -- "$cur")); return ;;
	lint:--severity) COMPREPLY=($(compgen -W "note warning error" -- "$cur")); return ;;
	lint:--ignore) COMPREPLY=(); return ;;
	lint:--gke-version) COMPREPLY=(); return ;;
	lint:--explain) COMPREPLY=(); return ;;
	lint:--format) COMPREPLY=($(compgen -W "text json jsonl sarif junit github" -- "$cur")); return ;;
	explain:--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	secret:--cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	secret:--key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	secret:--from) compopt -o filenames; COMPREPLY=($(compgen -d -- "$cur")); return ;;
	secret:--file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	secret:--set) COMPREPLY=(); return ;;
	secret:--vars-file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	secret:--ca) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	secret:--password) COMPREPLY=(); return ;;
	secret:--namespace) COMPREPLY=(); return ;;
	secret:--format) COMPREPLY=($(compgen -W "yaml json" -- "$cur")); return ;;
	secret:--output) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--resolve) COMPREPLY=(); return ;;
	probe:--connect) COMPREPLY=(); return ;;
	probe:--cacert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--expect) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	probe:--password) COMPREPLY=(); return ;;
	probe:--min-days) COMPREPLY=(); return ;;
	probe:--expect-status) COMPREPLY=(); return ;;
	probe:--timeout) COMPREPLY=(); return ;;
	probe:--concurrency) COMPREPLY=(); return ;;
	probe:--format) COMPREPLY=($(compgen -W "text json jsonl" -- "$cur")); return ;;
	serve:--cert) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	serve:--key) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	serve:--password) COMPREPLY=(); return ;;
	serve:--listen) COMPREPLY=(); return ;;
	serve:--client-ca) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return ;;
	serve:--client-mode) COMPREPLY=($(compgen -W "AllowValidOnly AllowInsecureFallback required optional" -- "$cur")); return ;;
	serve:--for) COMPREPLY=(); return ;;
	version:--format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
	esac
	case $cmd in
	'') words='init gen sign revoke crl template show bundle verify lint explain secret probe serve completion version help' names=' --help --quiet --verbose --color --version' ;;
	init) names=' --host --from-cert --from-openssl-cnf --from-cert-manager --output --help --quiet --verbose --color' ;;
	gen) names=' --file --set --vars-file --dir --plan --check --renew --rekey --on-change --force --stream --jobs --shard --max-failures --host --each-host --days --key-type --profile --issuer --issuer-key --issuer-password --output --format --help --quiet --verbose --color' ;;
	sign) names=' --issuer --issuer-key --issuer-password --file --dir --set --vars-file --profile --allow --days --strict --dry-run --chain --output --force --format --help --quiet --verbose --color' ;;
	revoke) names=' --issuer --issuer-key --issuer-password --file --dir --set --vars-file --crl --reason --at --invalid-since --release --next-update --plan --format --help --quiet --verbose --color' ;;
	crl) names=' --issuer --issuer-key --issuer-password --file --dir --set --vars-file --crl --next-update --renew --take-over --plan --check --format --help --quiet --verbose --color' ;;
	template) names=' --file --set --vars-file --help --quiet --verbose --color' ;;
	show) names=' --format --select --password --connect --timeout --help --quiet --verbose --color' ;;
	bundle) names=' --key --password --roots --keep-root --partial --allow-expired --repair --with-key --output --force --help --quiet --verbose --color' ;;
	verify) names=' --key --password --roots --system-roots --intermediates --hostname --ip --uri --email --at --purpose --crl --max-depth --min-days --max-lifetime --target --as --trust --strict --format --help --quiet --verbose --color' ;;
	lint) names=' --severity --ignore --complete --gke-version --explain --format --help --quiet --verbose --color' ;;
	explain) names=' --format --help --quiet --verbose --color' ;;
	secret) names=' --cert --key --from --file --set --vars-file --ca --password --namespace --plain --allow-expired --format --output --force --help --quiet --verbose --color' ;;
	probe) names=' --resolve --connect --cacert --expect --cert --key --password --min-days --expect-status --timeout --concurrency --format --help --quiet --verbose --color' ;;
	serve) names=' --cert --key --password --listen --allow-remote --client-ca --client-mode --for --help --quiet --verbose --color' ;;
	completion) names=' --help --quiet --verbose --color' ;;
	version) names=' --format --help --quiet --verbose --color' ;;
	help) names=' --help --quiet --verbose --color' ;;
	esac
	case $cmd in
	revoke) words='CERT SERIAL...' ;;
	template) words='keys PATH   schema   explain NAME' ;;
	show) words='FILE HOST:PORT...' ;;
	lint) words='FILE DIR -...' ;;
	explain) words='GWT001 GWT002 GWT003 GWT004 GWT005 GWT006 GWT007 GWT008 GWT009 GWT010 GWT011 GWT012 GWT013 GWT014 GWT015 GWT016 GWT017 GWT018 GWT019 GWT020 GWT021 GWT022 GWT023 GWT024 GWT025 GWT026 GWT027 GWT028 GWT029 GWT030 GWT031 GWT032 GWT040 GWT041 GWT042 GWT043 GWT044 GWT045 GWT046 GWT047 GWT048 GWT050 GWT055 GWT056 GWT057 GWT058 GWT059 GWT065 GWT066 GWT067 GWT068 GWT069 GWT070 GWT071 GWT072 GWT073 GWT074 GWT075 GWT076 GWT077 GWT078 GWT079 GWT080 GWT081 GWT082 GWT083 GWT090 GWT100 GWT101 GWT102 GWT103 GWT104 GWT105 GWT106 GWC001 GWC002 GWC003 GWC004 GWC005 GWC006 GWC007 GWC008 GWC009 GWC010 GWC011 GWC012 GWC013 GWC014 GWC015 GWC016 GWC017 GWC018 GWC019 GWC020 GWC021 GWC022 GWC023 GWC024 GWC025 GWC026 GWC027 GWC028 GWC029 GWC030 GWC031 GWC032 GWC033 GWC034 GWC035 GWC036 GWC037 GWC038 GWC039 GWC040 GWC041 GWC042 GWC043 GWC044 GWC045 GWC046 GWC047 GWC048 GWC049 GWC050 GWC051 GWC052 GWC053 GWC100 GWC101 GWC102 GWK001 GWK002 GWK003 GWK004 GWK005 GWK006 GWK007 GWK008 GWK009 GWK010 GWK011 GWK012 GWK013 GWK014 GWK015 GWK016 GWK017 GWK018 GWK019 GWK020 GWK021 GWK022 GWK023 GWK024 GWK025 GWK026 GWK027 GWK028 GWK029 GWK030 GWK031 GWK032 GWK033 GWK034 GWK035 GWK036 GWK037 GWK038 GWK039 GWK040 GWK041 GWK042 GWK043 GWK044 GWK045 GWK046 GWK047 GWK048 GWK049 GWK050 GWK051 GWK052 GWK053 GWK054 GWK055 GWK056 GWK057 GWK058 GWK059 GWK060 GWK061 GWK062 GWK063 GWK064 GWK065 GWK066 GWK067 GWK068 GWK069 GWK070 GWK071 GWK072 GWP001 GWP002 GWP003 GWP004 GWP005 GWP006 GWP007 GWP008 GWP009 GWP010 GWP011 GWP012 GWP013 GWP014 GWP015 GWP016 GWP017 GWP018 GWP019 GWP020 GWP021 GWP022 GWP023' ;;
	completion) words='bash zsh fish' ;;
	help) words='init gen sign revoke crl template show bundle verify lint explain secret probe serve completion version help' ;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$names" -- "$cur"))
	elif [[ -n $words ]]; then
		COMPREPLY=($(compgen -W "$words" -- "$cur"))
	else
		compopt -o filenames
		COMPREPLY=($(compgen -f -- "$cur"))
	fi
}
complete -F _gwcert gwcert
