using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

/// <summary>What the business service knows of one transaction: calls, planned answers, two balances.</summary>
sealed class Ledger
{
    public const int Amount = 30;

    public readonly List<string> Calls = new List<string>();
    readonly Dictionary<string, Queue<string>> plans = new Dictionary<string, Queue<string>>();
    readonly Dictionary<string, int> balances = new Dictionary<string, int> { { "out", 0 }, { "in", 0 } };
    readonly Dictionary<string, int> held = new Dictionary<string, int> { { "out", 0 }, { "in", 0 } };

    public Ledger Plan(string call, params string[] answers)
    {
        lock (this) plans[call] = new Queue<string>(answers);
        return this;
    }

    public string AllCalls()
    {
        lock (this) return string.Join(" ", Calls);
    }

    public string Balances()
    {
        lock (this) return held.Values.Any(v => v != 0) ? "held" : balances["out"] + " " + balances["in"];
    }

    /// <summary>Writes the call down and answers as planned; gives the HTTP status.</summary>
    public int Handle(string call, Action work)
    {
        lock (this)
        {
            Calls.Add(call);
            Queue<string> plan;
            var answer = plans.TryGetValue(call, out plan) && plan.Count > 0 ? plan.Dequeue() : "";
            if (answer == "FAILURE") return 409;
            if (answer == "ONGOING") return 425;
            if (answer == "ERROR") return 500;
            work();
            return 200;
        }
    }

    /// <summary>Xa holds like tcc: prepared by the action, settled by commit or rollback.</summary>
    public void Move(string who, string op, bool xa)
    {
        var delta = who == "out" ? -Amount : Amount;
        switch (op)
        {
            case "action":
                (xa ? held : balances)[who] += delta;
                break;
            case "try":
                held[who] = delta;
                break;
            case "compensate":
                balances[who] = 0;
                break;
            case "confirm":
            case "commit":
                balances[who] += held[who];
                held[who] = 0;
                break;
            case "cancel":
            case "rollback":
                held[who] = 0;
                break;
            default:
                throw new ArgumentException("unknown op " + op);
        }
    }
}

/// <summary>The participants. A server of its own: HttpListener of mono refuses an empty chunked POST.</summary>
sealed class Service
{
    readonly TcpListener listener;
    readonly Dictionary<string, Ledger> ledgers = new Dictionary<string, Ledger>();
    public Func<string, string, string, int> Resume;

    public Service(int port)
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string Url(string kind, string who)
    {
        return "http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port + "/" + kind + "/" + who;
    }

    public Ledger Of(string gid)
    {
        lock (ledgers)
        {
            if (!ledgers.ContainsKey(gid)) ledgers[gid] = new Ledger();
            return ledgers[gid];
        }
    }

    void Accept()
    {
        while (true)
        {
            var client = listener.AcceptTcpClient();
            new Thread(() => Serve(client)) { IsBackground = true }.Start();
        }
    }

    void Serve(TcpClient client)
    {
        using (client)
        {
            var stream = new BufferedStream(client.GetStream());
            try
            {
                while (ServeOne(stream)) { }
            }
            catch (IOException)
            {
                // The other side went away.
            }
        }
    }

    bool ServeOne(Stream stream)
    {
        var request = Line(stream);
        if (request == null) return false;
        var length = 0;
        var chunked = false;
        for (var header = Line(stream); !string.IsNullOrEmpty(header); header = Line(stream))
        {
            var lower = header.ToLowerInvariant();
            if (lower.StartsWith("content-length:")) length = int.Parse(header.Substring(15));
            if (lower.StartsWith("transfer-encoding:")) chunked = lower.Contains("chunked");
        }
        var body = Encoding.UTF8.GetString(chunked ? Chunks(stream) : Bytes(stream, length));
        var status = 500;
        var text = "";
        try
        {
            status = Answer(request.Split(' ')[1], body);
        }
        catch (Exception e)
        {
            text = e.Message;
        }
        var words = status == 200 ? "SUCCESS" : status == 409 ? "FAILURE" : status == 425 ? "ONGOING" : "broke " + text;
        var reply = Encoding.UTF8.GetBytes("{\"dtm_result\":\"" + words + "\"}");
        var head = Encoding.ASCII.GetBytes("HTTP/1.1 " + status + " -\r\nContent-Type: application/json\r\nContent-Length: " + reply.Length + "\r\n\r\n");
        stream.Write(head, 0, head.Length);
        stream.Write(reply, 0, reply.Length);
        stream.Flush();
        return true;
    }

    int Answer(string target, string body)
    {
        var url = new Uri("http://service" + target);
        var path = url.AbsolutePath.Split('/');
        var query = url.Query.TrimStart('?').Split('&').Select(p => p.Split(new[] { '=' }, 2))
            .ToDictionary(p => p[0], p => p.Length > 1 ? Uri.UnescapeDataString(p[1]) : "");
        var gid = query["gid"];
        var op = query.ContainsKey("as") ? query["as"] : query["op"];
        if (path[1] == "workflow")
        {
            lock (Of(gid)) Of(gid).Calls.Add("resumed");
            return Resume(query["op"], gid, body);
        }
        var ledger = Of(gid);
        if (path[1] == "prepared") return ledger.Handle("prepared", () => { });
        var status = ledger.Handle(path[2] + "." + op, () => ledger.Move(path[2], op, path[1] == "xa"));
        if (path[1] == "xa" && op == "action" && status == 200)
        {
            // As the client does it: registered while the local transaction is still open.
            Client.RegisterBranch(gid, "xa", new Dictionary<string, string> { { "branch_id", query["branch_id"] }, { "url", query["phase2_url"] } });
        }
        return status;
    }

    static string Line(Stream stream)
    {
        var line = new StringBuilder();
        for (var b = stream.ReadByte(); b != '\n'; b = stream.ReadByte())
        {
            if (b < 0) return null;
            if (b != '\r') line.Append((char)b);
        }
        return line.ToString();
    }

    static byte[] Bytes(Stream stream, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var n = stream.Read(bytes, read, length - read);
            if (n <= 0) throw new IOException("the body ended early");
            read += n;
        }
        return bytes;
    }

    static byte[] Chunks(Stream stream)
    {
        var all = new MemoryStream();
        for (var size = Convert.ToInt32(Line(stream), 16); size > 0; size = Convert.ToInt32(Line(stream), 16))
        {
            all.Write(Bytes(stream, size), 0, size);
            Line(stream);
        }
        Line(stream);
        return all.ToArray();
    }
}
