#!/usr/bin/env python3
"""A strict EC2 and CloudWatch on loopback, scripted to misbehave: for what moto does not enforce.

aws_server.py DIR [PEM]: listens on a free port, written to DIR/port, with PEM by TLS. It also plays
STS (web identity), the metadata service of instances and the one of containers. Per request it reads DIR/script.json:
  {"instances": 3, "type": "m4.10xlarge", "agent": true, "gpus": 0, "page": 1000, "regions": ["us-east-1"],
   "points_page": 100800, "key": "AKID", "secret": "...", "delay": 0, "points_per_s": 0,
   "faults": [{"call": "GetMetricData", "at": 2, "times": 1, "kind": "throttle"}]}
"at" counts calls of that name from 1, "times" how many in a row; "region" narrows it down.
kinds: throttle, ec2throttle, 500, 503, slow, cut, wrong-type, not-json, expired, denied, skew, bad-key,
doctype, partial-forever, internal. DIR/calls.jsonl gets one line a call; DIR/report the counts.
Requests that break a limit of the service (500 queries, 100,800 points, upper-case Ids, unaligned
times, a wrong signature where botocore is here) are answered with ValidationError and noted."""
import hashlib, hmac, json, os, re, ssl, sys, threading, time, urllib.parse
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

try:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    SigV4Auth = None

DIR = sys.argv[1]
LOCK = threading.Lock()
COUNTS, TOTAL = {}, {'calls': 0, 'points': 0, 'queries': 0, 'over': 0}
PACE = {'free': 0.0}


def script():
    with open(os.path.join(DIR, 'script.json')) as f:
        return json.load(f)


def instance(n):
    return 'i-%017x' % (n + 1)


def value(ident, metric, stat, at):
    """Any client that asks for the same point gets the same value."""
    h = hash_of('%s/%s/%s' % (ident, metric, stat))
    if 'ercent' in metric or 'tilization' in metric or '%' in metric:
        return round((h % 60) + 20 * (1 + ((at // 300) * 7 + h) % 97 / 97.0) / 2 + (5 if stat == 'Maximum' else 0), 3)
    return float((h % 1000) * 1000 + (at // 300) % 1000)


CACHE = {}


def hash_of(text):
    if text not in CACHE:
        CACHE[text] = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
    return CACHE[text]


def xml_error(code, message, ec2):
    if ec2:
        return '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors></Response>' % (code, message)
    return '<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>' % (code, message)


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    skew = 0

    def log_message(self, *args):
        pass

    def date_time_string(self, timestamp=None):
        return formatdate(time.time() + self.skew, usegmt=True)

    def answer(self, status, body, kind='application/x-amz-json-1.0', cut=False):
        data = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        if cut:
            self.wfile.write(data[:len(data) // 2])
            self.close_connection = True
        else:
            self.wfile.write(data)

    def refuse(self, status, code, message, name):
        if self.json:
            self.answer(status, json.dumps({'__type': 'com.amazon.coral.service#' + code, 'message': message}))
        else:
            self.answer(status, xml_error(code, message, name.startswith('Describe')), 'text/xml')

    def signature_fault(self, body, s):
        auth = self.headers.get('Authorization', '')
        m = re.match(r'AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$', auth)
        if not m:
            return 'MissingAuthenticationToken'
        key, day, self.region, service, names, got = m.groups()
        if key != s['key'] or ('token' in s and self.headers.get('X-Amz-Security-Token') != s['token']):
            return 'UnrecognizedClientException'
        names = names.split(';')
        for must in ['host', 'x-amz-date'] + (['x-amz-target'] if self.json else []) + (['x-amz-security-token'] if 'X-Amz-Security-Token' in self.headers else []):
            if must not in names:
                return 'IncompleteSignature'
        canonical = '\n'.join(['POST', '/', ''] + ['%s:%s' % (n, ' '.join((self.headers.get(n) or '').split())) for n in names] + ['', ';'.join(names), hashlib.sha256(body).hexdigest()])
        scope = '%s/%s/%s/aws4_request' % (day, self.region, service)
        text = '\n'.join(['AWS4-HMAC-SHA256', self.headers.get('X-Amz-Date', ''), scope, hashlib.sha256(canonical.encode()).hexdigest()])
        k = ('AWS4' + s['secret']).encode()
        for part in (day, self.region, service, 'aws4_request'):
            k = hmac.new(k, part.encode(), hashlib.sha256).digest()
        if hmac.new(k, text.encode(), hashlib.sha256).hexdigest() != got:
            return 'SignatureDoesNotMatch'
        if SigV4Auth and self.botocore_signature(body, s, service, names) != got:
            return 'SignatureDoesNotMatchBotocore'
        return None

    def botocore_signature(self, body, s, service, names):
        """What an implementation that others wrote makes of the same request."""
        request = AWSRequest(method='POST', url='http://' + self.headers['Host'] + '/', data=body)
        for n in names:
            request.headers[n] = self.headers[n]
        request.context.update(timestamp=self.headers['X-Amz-Date'], signing={})
        auth = SigV4Auth(Credentials(s['key'], s['secret']), service, self.region)
        auth.payload = lambda _: hashlib.sha256(body).hexdigest()
        signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        with LOCK:
            TOTAL['botocore'] = TOTAL.get('botocore', 0) + 1
        return signature

    def keys(self, token):
        s = script()
        return json.dumps({'Code': 'Success', 'AccessKeyId': s['key'], 'SecretAccessKey': s['secret'], token: s['token'],
                           'Expiration': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 3600))})

    def do_PUT(self):
        good = self.path == '/latest/api/token' and self.headers.get('X-aws-ec2-metadata-token-ttl-seconds')
        self.answer(200 if good else 400, 'imds-token' if good else '', 'text/plain')

    def do_GET(self):
        if self.path == '/container':
            good = self.headers.get('Authorization') == 'container-token'
            return self.answer(200 if good else 403, self.keys('Token') if good else '{}')
        if self.headers.get('X-aws-ec2-metadata-token') != 'imds-token':
            return self.answer(401, '', 'text/plain')
        answers = {'/latest/meta-data/iam/security-credentials/': 'a-role', '/latest/meta-data/placement/region': 'us-east-1',
                   '/latest/meta-data/iam/security-credentials/a-role': self.keys('Token')}
        self.answer(200 if self.path in answers else 404, answers.get(self.path, ''), 'text/plain')

    def on_AssumeRoleWithWebIdentity(self, s, form, query, kind):
        if form.get('WebIdentityToken') != 'web-token' or 'RoleSessionName' not in form or 'Authorization' in self.headers:
            return self.refuse(400, 'InvalidIdentityToken', 'not that one', 'Assume')
        k = json.loads(self.keys('SessionToken'))
        self.answer(200, '<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>%s</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>'
                    % ''.join('<%s>%s</%s>' % (n, k[n], n) for n in ('AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration')), 'text/xml')

    def do_POST(self):
        s = script()
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        target = self.headers.get('X-Amz-Target')
        self.json = target is not None
        self.region = '?'
        if self.path != '/':
            return self.answer(404, 'no such path')
        form = {} if self.json else dict(urllib.parse.parse_qsl(body.decode()))
        name = target.split('.')[-1] if self.json else form.get('Action', '?')
        fault = None if name == 'AssumeRoleWithWebIdentity' else self.signature_fault(body, s)
        with LOCK:
            key = name + ' ' + self.region
            COUNTS[key] = COUNTS.get(key, 0) + 1
            COUNTS[name] = COUNTS.get(name, 0) + 1
            number, in_region = COUNTS[name], COUNTS[key]
            TOTAL['calls'] += 1
            with open(os.path.join(DIR, 'calls.jsonl'), 'a') as f:
                f.write(json.dumps({'call': name, 'region': self.region, 'bytes': len(body)}) + '\n')
        if fault:
            return self.refuse(403, fault, 'the signature or key is not right', name)
        kind = None
        for f in s.get('faults', []):
            n = in_region if 'region' in f else number
            if f['call'] == name and f.get('region', self.region) == self.region and f['at'] <= n < f['at'] + f.get('times', 1):
                kind = f['kind']
        if not self.misbehave(kind, name):
            getattr(self, 'on_' + name, self.unknown)(s, form, json.loads(body) if self.json else None, kind)

    def misbehave(self, kind, name):
        rows = {'throttle': (400, 'ThrottlingException', 'Rate exceeded'), 'ec2throttle': (503, 'RequestLimitExceeded', 'Request limit exceeded.'),
                '500': (500, 'InternalFailure', 'ill'), 'expired': (403, 'ExpiredTokenException', 'The security token included in the request is expired'),
                'denied': (403, 'AccessDeniedException' if self.json else 'UnauthorizedOperation', 'User: arn:aws:iam::1:user/x is not authorized to perform this'),
                'bad-key': (403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'),
                'leak': (403, 'SignatureDoesNotMatch', 'The Canonical String should have been POST / host:x x-amz-security-token:' + (self.headers.get('X-Amz-Security-Token') or ''))}
        if kind in rows:
            self.refuse(*rows[kind], name)
        elif kind == '503':
            self.answer(503, '<html>busy</html>', 'text/html')
        elif kind == 'skew':
            self.skew = -1000
            self.refuse(403, 'SignatureDoesNotMatch', 'Signature expired', name)
        elif kind == 'slow':
            self.send_response(200)
            self.send_header('Content-Length', '100000')
            self.end_headers()
            self.wfile.write(b'{')
            self.wfile.flush()
            time.sleep(30)
            self.close_connection = True
        elif kind == 'cut':
            self.answer(200, json.dumps({'MetricDataResults': [{'Id': 'q0', 'Timestamps': [], 'Values': []}] * 50}) if self.json else '<DescribeInstancesResponse>' * 9, cut=True)
        elif kind == 'half-json':
            self.answer(200, '{"MetricDataResults":[{"Id":"q0","Timestamps":[17')
        elif kind == 'wrong-type':
            self.answer(200, '{"MetricDataResults":[{"Id":"q0","StatusCode":"Complete","Timestamps":["soon"],"Values":["many"]}]}' if self.json else '<html/>')
        elif kind == 'not-json':
            self.answer(200, '<html>welcome to the hotel network</html>', 'text/html')
        elif kind == 'doctype':
            self.answer(200, '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><DescribeInstancesResponse>&b;</DescribeInstancesResponse>', 'text/xml')
        else:
            return False
        return True

    def unknown(self, s, form, query, kind):
        self.refuse(400, 'InvalidAction', 'not here', '?')

    def count_of(self, s):
        return s['instances'] if self.region in s.get('regions', [self.region]) else 0

    def on_DescribeInstances(self, s, form, query, kind):
        size = min(int(form.get('MaxResults', 1000)), s.get('page', 1000))
        first = int(form['NextToken'].split('+')[1].rstrip('=')) if 'NextToken' in form else 0
        last = min(first + size, self.count_of(s))
        items = []
        for n in range(first, last):
            vols = ''.join('<item><deviceName>/dev/sd%d</deviceName><ebs><volumeId>vol-%017x</volumeId><attachTime>2026-01-01T00:00:00.000Z</attachTime></ebs></item>' % (v, n * 8 + v + 1) for v in range(s.get('volumes', 0)))
            items.append('<item><reservationId>r-1</reservationId><ownerId>123456789012</ownerId><instancesSet><item><instanceId>%s</instanceId><imageId>ami-1</imageId>'
                         '<instanceState><code>16</code><name>running</name></instanceState><instanceType>%s</instanceType><launchTime>2026-01-01T00:00:00.000Z</launchTime>'
                         '<placement><availabilityZone>%sa</availabilityZone><tenancy>default</tenancy></placement><architecture>x86_64</architecture>'
                         '<blockDeviceMapping>%s</blockDeviceMapping><tagSet><item><key>Name</key><value>n%d &lt;&amp;&quot;</value></item></tagSet></item></instancesSet></item>'
                         % (instance(n), s.get('type', 'm4.10xlarge'), self.region, vols, n))
        token = '<nextToken>A/+%d==</nextToken>' % last if last < self.count_of(s) else ''
        self.answer(200, '<?xml version="1.0" encoding="UTF-8"?>\n<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet>%s</reservationSet>%s</DescribeInstancesResponse>' % (''.join(items), token), 'text/xml')

    def on_ListMetrics(self, s, form, query, kind):
        if query['MetricName'].startswith('nvidia_smi_'):
            return self.answer(200, json.dumps({'Metrics': [{'Namespace': 'CWAgent', 'MetricName': query['MetricName'], 'Dimensions': [
                {'Name': 'InstanceId', 'Value': instance(n)}, {'Name': 'index', 'Value': str(card)}, {'Name': 'name', 'Value': 'Tesla T4'}, {'Name': 'arch', 'Value': 'Turing'}]}
                for n in range(self.count_of(s)) for card in range(s.get('gpus', 0))]}))
        there = s.get('agent') and query['Namespace'] == 'CWAgent' and query['MetricName'] == 'mem_used_percent'
        first = int(query['NextToken'].split('+')[1]) if 'NextToken' in query else 0
        last = min(first + 500, self.count_of(s)) if there else 0
        out = {'Metrics': [{'Namespace': 'CWAgent', 'MetricName': 'mem_used_percent', 'Dimensions': [
            {'Name': 'InstanceId', 'Value': instance(n)}, {'Name': 'ImageId', 'Value': 'ami-1'}, {'Name': 'InstanceType', 'Value': s.get('type', 'm4.10xlarge')}]} for n in range(first, last)]}
        if there and last < self.count_of(s):
            out['NextToken'] = 'L+%d' % last
        self.answer(200, json.dumps(out))

    def on_GetMetricData(self, s, form, query, kind):
        qs, start, end = query['MetricDataQueries'], int(query['StartTime']), int(query['EndTime'])
        bad = None
        if len(qs) > 500:
            bad = 'more than 500 queries'
        if end <= start or start % 300 or end % 300:
            bad = 'times are not aligned'
        points = 0
        for q in qs:
            m = q['MetricStat']
            if not re.match(r'^[a-z][a-zA-Z0-9_]*$', q['Id']):
                bad = 'Id ' + q['Id']
            if m['Period'] != 300 or 'Unit' in m:
                bad = 'period or unit'
            dims = {d['Name'] for d in m['Metric']['Dimensions']}
            agent = {'InstanceId', 'index', 'name', 'arch'} if m['Metric']['MetricName'].startswith('nvidia_smi_') else {'InstanceId', 'ImageId', 'InstanceType'}
            if m['Metric']['Namespace'] == 'CWAgent' and dims != agent:
                bad = 'dimensions %s' % dims
            points += (end - start) // 300
        if points > 100800:
            bad = '%d points' % points
        if bad:
            with LOCK:
                TOTAL['over'] += 1
            return self.refuse(400, 'ValidationError', bad, 'GetMetricData')
        if s.get('points_per_s') and 'NextToken' not in query:
            with LOCK:
                now = time.monotonic()
                if PACE['free'] > now + 1:
                    TOTAL['throttled'] = TOTAL.get('throttled', 0) + 1
                    late = True
                else:
                    late = False
                    PACE['free'] = max(PACE['free'], now) + points / s['points_per_s']
            if late:
                return self.refuse(400, 'ThrottlingException', 'Rate exceeded', 'GetMetricData')
        with LOCK:
            if 'NextToken' not in query:
                TOTAL['queries'] += len(qs)
                TOTAL['points'] += points
            with open(os.path.join(DIR, 'report'), 'w') as f:
                json.dump({**TOTAL, 'by_call': COUNTS}, f)
        time.sleep(s.get('delay', 0))
        skip = int(query['NextToken'].split('+')[1]) if 'NextToken' in query else 0
        have = s.get('points_from', 0)
        stop = min(end, s.get('points_to', int(time.time())))
        first = max(start, have + -have % 300)
        times = range(first, stop, 300) if first < stop else range(0)
        if query.get('ScanBy', 'TimestampDescending') == 'TimestampDescending':
            times = times[::-1]
        # A page holds points_page points, query after query.
        page, results, seen = s.get('points_page', 100800), [], 0
        total = len(times) * len(qs)
        upto = skip + page
        for q in qs:
            m = q['MetricStat']['Metric']
            ident = [d['Value'] for d in m['Dimensions'] if d['Name'] in ('InstanceId', 'VolumeId')][0]
            lo, hi = max(skip - seen, 0), min(upto - seen, len(times))
            seen += len(times)
            if hi < 0 or lo > len(times):
                continue
            part = times[lo:hi] if hi > lo else range(0)
            absent = m['MetricName'] in s.get('absent', [])
            stat = q['MetricStat']['Stat']
            results.append({'Id': q['Id'], 'Label': m['MetricName'], 'Timestamps': [] if absent else list(part),
                            'Values': [] if absent else [value(ident, m['MetricName'], stat, t) for t in part],
                            'StatusCode': 'PartialData' if hi < len(times) else 'Complete'})
        if kind == 'internal':
            results[0].update(StatusCode='InternalError', Timestamps=[], Values=[])
        out = {'Messages': [], 'MetricDataResults': results}
        if upto < total:
            out['NextToken'] = 'D/+%d' % upto
        self.answer(200, json.dumps(out))


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


if __name__ == '__main__':
    server = Server(('127.0.0.1', 0), Handler)
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(os.path.join(DIR, 'port.new'), 'w') as f:
        f.write(str(server.server_address[1]))
    os.rename(os.path.join(DIR, 'port.new'), os.path.join(DIR, 'port'))
    server.serve_forever()
