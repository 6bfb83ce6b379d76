<?php

declare(strict_types=1);

const AMOUNT = 30;
const OPENING = 100;

/** What the business service knows of one transaction, kept in a file: its requests run in several processes. */
final class Ledger
{
    private function __construct(private string $file)
    {
    }

    public static function of(string $gid): self
    {
        return new self(getenv('INTEROP_STATE') . '/' . $gid . '.json');
    }

    /** Runs $change on the state, one at a time, and gives back its result. */
    public function change(callable $change): mixed
    {
        $handle = fopen($this->file, 'c+');
        flock($handle, LOCK_EX);
        $state = json_decode(stream_get_contents($handle), true)
            ?? ['calls' => [], 'plans' => [], 'balance' => ['out' => 0, 'in' => 0], 'held' => ['out' => 0, 'in' => 0]];
        $result = $change($state);
        ftruncate($handle, 0);
        rewind($handle);
        fwrite($handle, json_encode($state));
        fclose($handle);
        return $result;
    }

    public function plan(string $call, string ...$answers): void
    {
        $this->change(function (array &$state) use ($call, $answers) {
            $state['plans'][$call] = $answers;
        });
    }

    public function state(): array
    {
        return $this->change(fn (array &$state) => $state);
    }
}

function database(): PDO
{
    [$host, $port] = explode(':', getenv('INTEROP_DB'));
    return new PDO("mysql:host=$host;port=$port;dbname=dtm_busi", 'busi', 'busi', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

/** One request as Guzzle sends it; any status but 2xx is an exception there, too. */
function request(string $method, string $url, ?string $body = null, array $query = []): array
{
    if ($query) {
        $url .= '?' . http_build_query($query, '', '&', PHP_QUERY_RFC3986);
    }
    $headers = ['User-Agent: GuzzleHttp/7'];
    if ($body !== null) {
        $headers[] = 'Content-Type: application/json';
    }
    $context = stream_context_create(['http' => [
        'method' => $method,
        'header' => $headers,
        'content' => $body ?? '',
        'ignore_errors' => true,
        'timeout' => 20,
        'protocol_version' => '1.1',
    ]]);
    $text = file_get_contents($url, false, $context);
    if ($text === false) {
        throw new RuntimeException("$url: no answer");
    }
    $status = (int) explode(' ', $http_response_header[0])[1];
    if ($status !== 200) {
        throw new RuntimeException("$status $text");
    }
    return json_decode($text, true) ?: [];
}
